"""Clients of every kind and version behind the same few orders, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from suite.operations.lifeline import die_with
from suite.operations.setup import OLDER_SDK
from tests.media_live.people import DEADLINE_S
from tests.stack import ROOT

HERE = Path(__file__).resolve().parent
NODE = shutil.which("node") or str(ROOT / ".venv/bin/node")
ORDER_S = 60.0
LOUD = 0.05
"""Of full scale; the tones have 0.37."""
NEAR_HZ = 15


@dataclass(frozen=True)
class Kind:
    """A client program and its version; `modes` are single peer connection or not, None for the only one it has."""

    name: str
    command: tuple[str, ...]
    modes: tuple[bool | None, ...]
    hz: float = 0.0
    """The tone it sends; 0 for sounds of another kind."""
    pitch: bool = True
    """Whether it can tell the pitch of what it hears."""
    mutes: bool = True
    shares: bool = False
    path: str = ""
    """Where its own Python packages are."""

    def __str__(self) -> str:
        """Give the name, for test reports."""
        return self.name


def browser(
    program: str, package: str, *modes: bool | None, hz: float = 0.0, pitch: bool = True, shares: bool = False
) -> Kind:
    """Give livekit-client, from the npm package `package`, in a browser."""
    command = (sys.executable, "-m", "tests.clients.browser", program, package)
    return Kind(f"{package} in {program}", command, modes, hz, pitch, shares=shares)


PYTHON = (sys.executable, str(HERE / "sdk.py"))
FIREFOX = browser("firefox", "livekit-client", False, True, hz=1000, pitch=False, shares=True)
KINDS = (
    browser("chromium", "livekit-client", False, True),
    browser("chromium", "livekit-client-2.16", False),
    browser("chromium", "livekit-client-2.9", None),
    Kind("livekit for Python", PYTHON, (False, True), hz=880),
    Kind("livekit for Node", (NODE, str(HERE / "sdk.mjs")), (None,), hz=880, mutes=False),
    Kind("older livekit for Python", PYTHON, (None,), hz=880, path=str(OLDER_SDK)),
)


class Client:
    """A running client."""

    def __init__(self, kind: Kind, process: asyncio.subprocess.Process, log: Path) -> None:
        self._pitch = kind.pitch
        self._process = process
        self._log = log

    async def do(self, order: str, **given: Any) -> Any:
        """Give an order; return its result. Raise `AssertionError` when the client could not obey."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **given}).encode() + b"\n")
        async with asyncio.timeout(ORDER_S):
            answer = await self._answer(order)
        assert "failed" not in answer, f"{order}: {answer['failed']}"
        return answer["result"]

    async def _answer(self, order: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            with contextlib.suppress(ValueError):
                answer: dict[str, Any] = json.loads(line)
                if answer.keys() & {"result", "failed"}:  # Node's SDK writes its log there too
                    return answer
        raise AssertionError(f"the client ended at {order}: {self._said()}")

    async def look(self) -> dict[str, Any]:
        """Return what it hears, sees and knows."""
        found: dict[str, Any] = await self.do("look")
        return found

    async def until(self, condition: Callable[[dict[str, Any]], bool], what: str, seconds: float = DEADLINE_S) -> None:
        """Wait until what it sees fulfils `condition`. Raise `TimeoutError` that names `what` and what was seen."""
        deadline = time.monotonic() + seconds
        while not condition(found := await self.look()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds:g} s: {what}; it sees {found}")
            await asyncio.sleep(0.1)

    async def hears(self, who: str, hz: float) -> None:
        """Wait until the tone of somebody's microphone arrives."""

        def tone(seen: dict[str, Any]) -> bool:
            found = seen["heard"].get(f"{who}/microphone", {"level": 0.0, "hz": 0.0})
            return found["level"] > LOUD and (not self._pitch or abs(found["hz"] - hz) < NEAR_HZ)

        await self.until(tone, f"hears {who} at {hz} Hz")

    async def sees(self, who: str, red: int) -> None:
        """Wait until the picture of somebody's camera arrives in its colour, and moves."""
        key = f"{who}/camera"

        def picture(seen: dict[str, Any]) -> tuple[int, int]:
            found = seen["seen"].get(key, {"red": -1, "frames": 0})
            return found["red"], found["frames"]

        await self.until(lambda seen: abs(picture(seen)[0] - red) < 20, f"sees {who} in red {red}")
        before = picture(await self.look())[1]
        await self.until(lambda seen: picture(seen)[1] != before, f"sees {who} move")

    def _said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:]


@asynccontextmanager
async def running(kind: Kind, folder: Path, *, inside: tuple[str, ...] = ()) -> AsyncIterator[Client]:
    """Start a client, by the command `inside` in another network; end it afterwards."""
    log = folder / "client.log"
    extra = [str(folder)] if "tests.clients.browser" in kind.command else []
    with open(log, "wb") as errors:  # noqa: ASYNC230  (it waits for nothing)
        process = await asyncio.create_subprocess_exec(
            *inside,
            *kind.command,
            *extra,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": kind.path},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=2**20,
            preexec_fn=partial(die_with, os.getpid()),
        )
    try:
        yield Client(kind, process, log)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), DEADLINE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
