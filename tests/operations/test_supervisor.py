"""The supervisor with small programs of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suite.operations.children import Program
from suite.operations.supervisor import StartError, Supervisor
from tests.stack import wait_until


def program(name: str, code: str, serves: Callable[[], bool] = lambda: True) -> Program:
    async def probe() -> bool:
        return serves()

    return Program(name, [sys.executable, "-c", code], dict(os.environ), probe)


async def run_until_ready(supervisor: Supervisor, said: list[str]) -> asyncio.Task[None]:
    running = asyncio.create_task(supervisor.run("ready"))
    async with asyncio.timeout(20):
        while "ready" not in said:  # noqa: ASYNC110  (the supervisor tells no event)
            await asyncio.sleep(0.02)
    return running


def supervise(tmp_path: Path, said: list[str], *steps: list[Program]) -> Supervisor:
    return Supervisor(steps, folder=tmp_path, logs=tmp_path / "logs", tell=said.append)


async def test_steps_start_one_after_the_other_and_stop(tmp_path: Path) -> None:
    said: list[str] = []
    trace = tmp_path / "trace"
    write = f"import time; open({str(trace)!r}, 'a').write({{!r}}); time.sleep(60)"
    first = program("first", write.format("1"), lambda: trace.exists() and "1" in trace.read_text(encoding="ascii"))
    second = program("second", write.format("2"), lambda: "2" in trace.read_text(encoding="ascii"))
    running = await run_until_ready(supervise(tmp_path, said, [first], [second]), said)
    assert trace.read_text(encoding="ascii") == "12"
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert said == ["Running: first.", "Running: second.", "ready", "Stopping."]


async def test_a_program_that_ends_at_its_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    broken = program("broken", "import sys; sys.exit('the tea is cold')", lambda: False)
    with pytest.raises(StartError, match=r"broken ended at its start: the tea is cold \(see .*broken.log\)"):
        await supervise(tmp_path, [], [broken]).run("ready")


async def test_the_first_program_that_fails_is_the_only_thing_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = program("broken", "import sys; sys.exit('the tea is cold')", lambda: False)
    slow = program("slow", "import time; time.sleep(60)", lambda: False)
    with pytest.raises(StartError, match="broken"):
        await supervise(tmp_path, [], [slow, broken]).run("ready")
    gc.collect()
    assert caplog.text == ""


async def test_a_signal_at_the_start_ends_it_in_silence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    slow = program("slow", "import time; time.sleep(60)", lambda: False)
    running = asyncio.create_task(supervise(tmp_path, said, [slow]).run("ready"))
    async with asyncio.timeout(20):
        while not (tmp_path / "logs" / "slow.log").exists():  # noqa: ASYNC110  (a file tells no event)
            await asyncio.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)
    await running
    gc.collect()
    assert said == []
    assert caplog.text == ""


async def test_a_program_that_dies_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    trace = tmp_path / "trace"
    code = f"import os, time; open({str(trace)!r}, 'a').write('.'); time.sleep(0.3); os.abort()"
    running = await run_until_ready(supervise(tmp_path, said, [program("weak", code, trace.exists)]), said)
    async with asyncio.timeout(20):
        while len(trace.read_bytes()) < 3:  # noqa: ASYNC110  (another process writes it)
            await asyncio.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)
    await running
    pauses = [line.split(" again in ")[1].split(" s")[0] for line in said if line.startswith("weak ended (signal 6)")]
    assert pauses[:2] == ["0.2", "0.4"]


async def test_a_program_that_cannot_be_started_for_a_while_is_tried_again(tmp_path: Path) -> None:
    said: list[str] = []
    trace, folder = tmp_path / "trace", tmp_path / "place"
    folder.mkdir()
    code = f"import os, time; open({str(trace)!r}, 'a').write('.'); time.sleep(0.3); os.rmdir({str(folder)!r})"
    supervisor = Supervisor(
        [[program("weak", code, trace.exists)]], folder=folder, logs=tmp_path / "logs", tell=said.append
    )
    running = await run_until_ready(supervisor, said)
    async with asyncio.timeout(20):
        while not any(line.startswith("weak cannot be started: ") for line in said):  # noqa: ASYNC110  (it tells a list)
            await asyncio.sleep(0.02)
        folder.mkdir()
        while len(trace.read_bytes()) < 2:  # noqa: ASYNC110  (another process writes it)
            await asyncio.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)
    await running


async def test_what_does_not_obey_is_ended_with_all_it_started(tmp_path: Path) -> None:
    said: list[str] = []
    pid = tmp_path / "pid"
    stubborn = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"if os.fork() == 0: open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    ready = program("stubborn", stubborn, lambda: pid.exists() and bool(pid.read_bytes()))
    running = await run_until_ready(supervise(tmp_path, said, [ready]), said)
    os.kill(os.getpid(), signal.SIGINT)
    await running
    grandchild = Path("/proc") / pid.read_text(encoding="ascii") / "status"
    wait_until(lambda: has_ended(grandchild), "the grandchild is gone")


def has_ended(status: Path) -> bool:
    """Tell whether a process, named by its file in /proc, is gone or waits for its parent to take note."""
    try:
        return "State:\tZ" in status.read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return True
