"""A child process of the supervisor: starts, is asked whether it serves, ends in order or by force."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from suite.operations.lifeline import die_with

Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Program:
    """What a child is: its name, its command, and how to see that it serves."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    serves: Probe
    sockets: tuple[socket.socket, ...] = ()
    """Open sockets that the program serves on; they stay open while it is started again."""
    ends_within_s: float = 1.5  # three steps of such programs stay below the 5 s that Ctrl-C may take


@dataclass(slots=True)
class Child:
    """One running program; its output goes to a file of its own."""

    program: Program
    log: Path
    folder: Path
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone."""
        with self.log.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                *self.program.command,
                env=dict(self.program.environment),
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=[held.fileno() for held in self.program.sockets],
                preexec_fn=partial(die_with, os.getpid()),
            )

    @property
    def is_running(self) -> bool:
        """Tell whether the process has been started and has not ended."""
        return self.process is not None and self.process.returncode is None

    async def ended(self) -> int:
        """Wait until the process ends; give its exit code, negative for a signal."""
        return await self.process.wait() if self.process else 0

    def ask_to_end(self) -> None:
        """Ask the process to end; asked twice, a media worker does not wait for its rooms."""
        if self.is_running and self.process is not None:
            self.process.terminate()

    async def stop(self) -> None:
        """Ask the process to end; when its time is over end it and whatever it started."""
        if not self.is_running or self.process is None:
            return
        self.ask_to_end()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), self.program.ends_within_s)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    def last_words(self, *, lines: int = 1) -> str:
        """Give the end of what the program wrote."""
        text = self.log.read_text(encoding="utf-8", errors="replace").strip()
        return "\n".join(text.splitlines()[-lines:])
