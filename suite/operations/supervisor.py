"""Keeps the programs of one machine running: starts them in steps, restarts what dies, ends them in order."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from suite.operations.children import Child, Program

READY_WITHIN_S = 60.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_AFTER_S = 30.0
"""A program that ran this long has its pause before the next restart set back."""

Tell = Callable[[str], None]


class StartError(Exception):
    """A program did not come up; the message is one sentence for the operator."""


class Supervisor:
    """The programs of one machine, in steps: each step is started when the one before serves."""

    def __init__(self, steps: Sequence[Sequence[Program]], *, folder: Path, logs: Path, tell: Tell) -> None:
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.steps = [[Child(program, logs / f"{program.name}.log", folder) for program in step] for step in steps]
        self.tell = tell
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, ready: str) -> None:
        """Start everything, say `ready`, keep it running until a signal comes. Raise `StartError`."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signalled)
        try:
            if await self._start():
                self.tell(ready)
                await self._stopping.wait()
                self.tell("Stopping.")
        finally:
            await self._stop()

    def _signalled(self) -> None:
        """Begin to stop; at the second signal hurry."""
        if self._stopping.is_set():
            for child in (child for step in self.steps for child in step):
                child.ask_to_end()
        self._stopping.set()

    async def _start(self) -> bool:
        """Start step after step; tell whether all of them serve (a signal may come first)."""
        for step in self.steps:
            starters = [asyncio.create_task(self._start_one(child)) for child in step]
            self._tasks += starters
            if not await self._all_serve(starters):
                return False
            self.tell(f"Running: {', '.join(child.program.name for child in step)}.")
        return True

    async def _all_serve(self, starters: Collection[asyncio.Task[None]]) -> bool:
        """Wait until all programs of a step serve; tell whether no signal came first. Raise the first `StartError`."""
        stopping = asyncio.create_task(self._stopping.wait())
        waited_for = {*starters, stopping}
        try:
            while not stopping.done() and waited_for != {stopping}:
                done, waited_for = await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
                for starter in done - {stopping}:
                    starter.result()
        finally:
            stopping.cancel()
        return not self._stopping.is_set()

    async def _start_one(self, child: Child) -> None:
        child.log.unlink(missing_ok=True)
        await child.start()
        deadline = time.monotonic() + READY_WITHIN_S
        while not await child.program.serves():
            if not child.is_running:
                raise StartError(f"{child.program.name} ended at its start: {child.last_words()} (see {child.log}).")
            if time.monotonic() > deadline:
                raise StartError(f"{child.program.name} does not serve after {READY_WITHIN_S:g} s: see {child.log}.")
            await asyncio.sleep(0.05)
        self._tasks.append(asyncio.create_task(self._keep(child)))

    async def _keep(self, child: Child) -> None:
        """Start the child again each time it ends, with a pause that doubles while it does not stay up."""
        pause = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            code = await child.ended()
            pause = FIRST_PAUSE_S if time.monotonic() - began > STEADY_AFTER_S else pause
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self.tell(f"{child.program.name} ended ({how}); starting it again in {pause:g} s. Its log: {child.log}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
            await self._start_again(child)

    async def _start_again(self, child: Child) -> None:
        """Start the child, however often its machine refuses (no memory, no process, no space) before it does not."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await child.start()
            except (OSError, subprocess.SubprocessError) as error:
                self.tell(f"{child.program.name} cannot be started: {error}; trying again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for step in reversed(self.steps):
            await asyncio.gather(*(child.stop() for child in step))
