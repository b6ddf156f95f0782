"""Fuzzing: `python -m tests.fuzz --seconds 60 [TARGET …]` runs targets side by side, one process each.

A finding is kept in `build/fuzz/` and fails the run; once mended, its input belongs into `tests/fuzz/corpus/<target>/`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz import CORPUS, process

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "fuzz"
SLOW_S = 10
MEMORY_MAX_MB = 2048
GRACE_S = 60
POLL_S = 1.0
PROGRESS = re.compile(r"#(\d+)\s+(?:DONE|REDUCE|NEW|pulse|INITED|RELOAD)\s+cov: (\d+) ft: \d+ corp: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """What one target's run came to; `finding` is empty when it found nothing."""

    name: str
    executions: int
    coverage: int
    kept: int
    seconds: float
    finding: str


def main() -> int:
    """Run the targets that are asked for; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the parsers of the media worker.")
    parser.add_argument("targets", nargs="*", help="names of targets; all when none is given")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="targets at a time")
    options = parser.parse_args()
    targets = process.load()
    chosen = options.targets or list(targets)
    if unknown := sorted(set(chosen) - set(targets)):
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(targets)}")
    print(f"{'target':<22}{'executions':>12}{'per second':>12}{'coverage':>10}{'corpus':>8}", flush=True)
    runs = [_report(one) for one in _run_all({name: targets[name] for name in chosen}, options.seconds, options.jobs)]
    total = sum(one.executions for one in runs)
    findings = [one for one in runs if one.finding]
    print(f"{total:,} executions of {len(runs)} targets, {len(findings)} findings")
    for one in findings:
        print(f"\n{one.name}:\n{one.finding}")
    return 1 if findings else 0


def _run_all(targets: Mapping[str, Target], seconds: int, jobs: int) -> Iterator[Run]:
    """Fuzz the targets, so many at a time; give each run when it is over."""
    waiting, running = list(targets), list[Running]()
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            running.append(_begin(name, targets[name], seconds))
        connection.wait([one.process.sentinel for one in running], timeout=POLL_S)
        for one in [one for one in running if one.is_over]:
            running.remove(one)
            yield one.end()


@dataclass(frozen=True, slots=True)
class Running:
    """A target that is being fuzzed, by a process that says what it does in a file."""

    name: str
    process: ForkProcess
    output: Path
    began: float
    deadline: float

    @property
    def is_over(self) -> bool:
        """Say whether it has ended or should have."""
        return not self.process.is_alive() or time.monotonic() > self.deadline

    def end(self) -> Run:
        """Give what it came to."""
        self.process.kill()
        self.process.join()
        told = self.output.read_text(errors="replace")
        return _read(self.name, self.process.exitcode or 0, told, time.monotonic() - self.began)


def _begin(name: str, target: Target, seconds: int) -> Running:
    grown = KEPT / "corpus" / name
    grown.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOW_S}", f"-rss_limit_mb={MEMORY_MAX_MB}"]
    kept = [f"-artifact_prefix={KEPT}/{name}-", str(grown), *_seeds(name)]
    output, began = KEPT / f"{name}.log", time.monotonic()
    started = process.start(target, ["-print_final_stats=1", *limits, *kept], output)
    return Running(name, started, output, began, began + seconds + GRACE_S)


def _seeds(name: str) -> list[str]:
    folder = CORPUS / name
    return [str(folder)] if folder.is_dir() else []


def _read(name: str, exit_code: int, told: str, seconds: float) -> Run:
    progress = PROGRESS.findall(told)
    executions, coverage, kept = map(int, progress[-1]) if progress else (0, 0, 0)
    executions = max([executions, *map(int, EXECUTED.findall(told))])
    return Run(name, executions, coverage, kept, seconds, _told(told) if exit_code else "")


def _told(output: str) -> str:
    """Give what a failed run says of its finding, without its start."""
    lines = [line for line in output.splitlines() if not line.startswith(("INFO:", "WARNING:", "stat::"))]
    return "\n".join(lines[-40:])


def _report(one: Run) -> Run:
    rate = one.executions / max(one.seconds, 0.001)
    state = "  FINDING" if one.finding else ""
    print(f"{one.name:<22}{one.executions:>12,}{rate:>12,.0f}{one.coverage:>10}{one.kept:>8}{state}", flush=True)
    return one


if __name__ == "__main__":
    sys.exit(main())
