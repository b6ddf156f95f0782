"""Debian's Janus as a benchmark sees it: its VideoRoom plugin, configured in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Self

from benchmarks import descriptions
from benchmarks.descriptions import Media
from benchmarks.peer import Peer
from suite.operations.lifeline import die_with
from visio.media import sdp
from visio.media.sections import Kind

PLUGIN = "janus.plugin.videoroom"
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/janus")
PATIENCE_S = 20.0
STARTS_MAX = 10
MAIN = """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{libraries}/plugins"
    transports_folder = "{libraries}/transports"
    events_folder = "{libraries}/events"
    loggers_folder = "{libraries}/loggers"
    log_to_stdout = true
    debug_level = 3
    session_timeout = 0
    {loops}
}}
media: {{ rtp_port_range = "{first}-{last}" }}
nat: {{ ice_lite = true }}
plugins: {{ disable = "{disabled}" }}
transports: {{ disable = "{silenced}" }}
"""
SOCKETS = 'general: {{ enabled = true, json = "compact", path = "{path}", type = "SOCK_SEQPACKET" }}\n'
KEPT = ("libjanus_videoroom.so", "libjanus_pfunix.so")


class JanusServer:
    """One Janus with an event loop for each connection (its default) or a fixed number of them; a context manager."""

    def __init__(self, loops: int = 0) -> None:
        self.name = f"janus loops={loops}" if loops else "janus"
        self._loops = f"event_loops = {loops}" if loops else ""
        self._folder = Path(tempfile.mkdtemp(prefix="janus-"))

    def __enter__(self) -> Self:
        if shutil.which("janus") is None:
            raise SystemExit("Janus is not installed: apt-get install janus")
        self._configure()
        for _ in range(STARTS_MAX):
            self._start()
            if self._listens():
                return self
            self._process.wait()
        raise SystemExit(f"Janus does not start:\n{(self._folder / 'log').read_text()}")

    def _start(self) -> None:
        command = ["janus", "--config", str(self._folder / "janus.jcfg"), "--configs-folder", str(self._folder)]
        with open(self._folder / "log", "wb") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509 (it makes two system calls, no more)
            )

    def _listens(self) -> bool:
        """Wait until Janus takes orders; False when it has ended, as it does when its thread outruns its start."""
        deadline = time.monotonic() + PATIENCE_S
        while self._process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
                probe.settimeout(1.0)
                probe.connect(str(self._folder / "api"))
                probe.send(b'{"janus": "ping", "transaction": "1"}')
                if b"pong" in probe.recv(4096):
                    return True
            time.sleep(0.05)
        self._process.kill()
        return False

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Return the process whose CPU is measured."""
        return self._process.pid

    def room(self) -> JanusRoom:
        """Open a new room."""
        return JanusRoom(self._folder / "api")

    def _configure(self) -> None:
        first = 40_000 + secrets.randbelow(50) * 400
        text = MAIN.format(
            folder=self._folder,
            libraries=LIBRARIES,
            loops=self._loops,
            first=first,
            last=first + 399,
            disabled=_others("plugins"),
            silenced=_others("transports"),
        )
        (self._folder / "janus.jcfg").write_text(text)
        (self._folder / "janus.transport.pfunix.jcfg").write_text(SOCKETS.format(path=self._folder / "api"))
        (self._folder / f"{PLUGIN}.jcfg").write_text("general: {}\n")


def _others(folder: str) -> str:
    """Return the names of the modules that are not needed, as Janus wants to read them."""
    return ",".join(path.name for path in (LIBRARIES / folder).glob("*.so") if path.name not in KEPT)


class JanusRoom:
    """One room; everybody in it is a handle of one session."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(str(path))
        self._session = self._ask({"janus": "create"})["data"]["id"]
        self._number = secrets.randbelow(2**31) + 1
        self._feeds: list[int] = []
        settings = {"request": "create", "room": self._number, "publishers": 100, "bitrate": 20_000_000}
        self._plain(self._handle(), {**settings, "audiocodec": "opus", "videocodec": "vp8", "notify_joining": False})

    def publish(self, kinds: list[Kind]) -> Peer:
        """Let somebody in who publishes one track of each kind."""
        peer, handle = Peer(), self._handle()
        joined = self._message(handle, {"request": "join", "ptype": "publisher", "room": self._number})
        self._feeds.append(joined["plugindata"]["data"]["id"])
        sections = [Media(str(n), kind, f"track-{kind}") for n, kind in enumerate(kinds)]
        offer = {"type": "offer", "sdp": descriptions.write(peer, sections, setup="active")}
        event = self._message(handle, {"request": "publish"}, offer)
        peer.connect(descriptions.remote(event["jsep"]["sdp"]))
        return peer

    def subscribe(self, kinds: list[Kind]) -> Peer:
        """Let somebody in who receives everything."""
        peer, handle = Peer(), self._handle()
        streams = [{"feed": feed} for feed in self._feeds]
        wanted = {"request": "join", "ptype": "subscriber", "room": self._number, "streams": streams}
        event = self._message(handle, wanted)
        offered = sdp.parse(event["jsep"]["sdp"])
        known = offered.sections[0].extensions
        sections = [Media(section.mid, kind) for section, kind in zip(offered.sections, kinds, strict=True)]
        answer = {"type": "answer", "sdp": descriptions.write(peer, sections, setup="active", known=known)}
        self._message(handle, {"request": "start"}, answer, "started")
        peer.connect(descriptions.remote(event["jsep"]["sdp"]))
        return peer

    def close(self) -> None:
        """End the session, and with it everything."""
        self._ask({"janus": "destroy", "session_id": self._session})
        self._socket.close()

    def _handle(self) -> int:
        found: int = self._ask({"janus": "attach", "session_id": self._session, "plugin": PLUGIN})["data"]["id"]
        return found

    def _plain(self, handle: int, body: dict[str, Any]) -> None:
        answer = self._ask({"janus": "message", "session_id": self._session, "handle_id": handle, "body": body})
        if "error" in answer["plugindata"]["data"]:
            raise SystemExit(f"Janus refuses: {answer}")

    def _message(
        self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None, kind: str = ""
    ) -> dict[str, Any]:
        """Send a message to the plugin; return its event."""
        request = {"janus": "message", "session_id": self._session, "handle_id": handle, "body": body}
        self._send({**request, "jsep": jsep} if jsep else request)
        while True:
            event = self._receive()
            if event["janus"] == "event" and event.get("sender") == handle:
                data = event["plugindata"]["data"]
                if "error" in data:
                    raise SystemExit(f"Janus refuses: {data}")
                if not kind or data.get(kind) == "ok":
                    return event

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        sent = self._send(request)
        while True:
            answer = self._receive()
            if answer.get("transaction") == sent and answer["janus"] != "ack":
                if answer["janus"] == "error":
                    raise SystemExit(f"Janus refuses: {answer}")
                return answer

    def _send(self, request: dict[str, Any]) -> str:
        name = secrets.token_hex(6)
        self._socket.send(json.dumps({**request, "transaction": name}).encode())
        return name

    def _receive(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._socket.recv(1 << 20))
        return answer
