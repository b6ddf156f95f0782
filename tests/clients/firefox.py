"""Firefox, driven over WebDriver BiDi, which it speaks itself: no driver program stands between."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from suite.operations.lifeline import die_with
from tests.stack import STOP_S, free_ports, wait_until

PROGRAM = "firefox-esr"
READY = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES: dict[str, bool | int | str] = {
    "media.autoplay.block-webaudio": False,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    # In a network with one address and no way out, the browser would take itself for offline.
    "network.manage-offline-status": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    # On a busy machine more than five seconds pass between an order and what it asks of the browser.
    "dom.user_activation.transient.timeout": 120_000,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "remote.prefs.recommended": True,
}
CALL_S = 60.0
FAKE_DEVICES = """
const { mediaDevices } = navigator;
const ask = mediaDevices?.getUserMedia.bind(mediaDevices);
if (ask) mediaDevices.getUserMedia = (wanted) => ask({ ...wanted, fake: true });
"""
"""Pages that are not secure have no devices. The preference for fake devices would take away the screens as well."""


class Screen:
    """A context manager: a screen that nobody sees but who shares it."""

    name = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (it makes two system calls, no more)
        )
        assert self._process.stdout is not None
        self.name = f":{self._process.stdout.readline().strip()}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(STOP_S)


class Firefox:
    """A context manager: one browser with one page. `evaluate` is like Playwright's."""

    def __init__(self, folder: Path, preferences: dict[str, bool | int | str] | None = None) -> None:
        self._folder = folder
        self._screen = Screen()
        self._preferences = PREFERENCES | (preferences or {})
        self._numbers = itertools.count(1)
        self.troubles: list[str] = []
        """What pages wrote to the console as an error."""

    def __enter__(self) -> Self:
        self._screen.__enter__()
        profile = self._folder / "firefox"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in self._preferences.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="ascii")
        port = free_ports(1)
        with open(self._folder / "firefox.log", "wb") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "--no-remote", "--profile", str(profile), f"--remote-debugging-port={port}"],
                env={**os.environ, "HOME": str(self._folder), "DISPLAY": self._screen.name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (it makes two system calls, no more)
            )
        wait_until(self._listens, "Firefox listens", seconds=60)
        self._socket = self._connect()
        self._do("session.new", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self._do("session.subscribe", {"events": ["log.entryAdded"]})
        self.prepare(FAKE_DEVICES)
        self._page = self._do("browsingContext.getTree", {})["contexts"][0]["context"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._screen.__exit__(kind, error, trace)

    def prepare(self, script: str) -> None:
        """Run statements in every page before its own."""
        self._do("script.addPreloadScript", {"functionDeclaration": f"() => {{ {script} }}"})

    def goto(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._do("browsingContext.navigate", {"context": self._page, "url": url, "wait": "complete"})

    def evaluate(self, function: str, argument: Any = None) -> Any:
        """Call a JavaScript function in the page with a JSON value; give its awaited result.

        Raise `AssertionError` with the page's exception.
        """
        wrapped = f"async (given) => JSON.stringify((await ({function})(JSON.parse(given))) ?? null)"
        outcome = self._do(
            "script.callFunction",
            {
                "functionDeclaration": wrapped,
                "target": {"context": self._page},
                "arguments": [{"type": "string", "value": json.dumps(argument)}],
                "awaitPromise": True,
                "userActivation": True,
            },
        )
        assert outcome["type"] == "success", outcome["exceptionDetails"]["text"]
        return json.loads(outcome["result"]["value"])

    def _listens(self) -> bool:
        assert self._process.poll() is None, self._log()
        return READY.search(self._log()) is not None

    def _log(self) -> str:
        return (self._folder / "firefox.log").read_text(encoding="utf-8", errors="replace")

    def _connect(self) -> ClientConnection:
        found = READY.search(self._log())
        assert found is not None
        return connect(f"{found[1]}/session", max_size=None, proxy=None)

    def _do(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv(CALL_S))
            if answer.get("type") == "event":
                self._note(answer["params"])
            elif answer.get("id") == number:
                assert answer["type"] == "success", f"{method}: {answer.get('message')}"
                result: dict[str, Any] = answer["result"]
                return result

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.troubles.append(str(entry["text"]))
