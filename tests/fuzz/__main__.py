"""Fuzzing: `python -m tests.fuzz --seconds 60 [TARGET …]` runs targets in parallel, one process each.

A finding is kept in `build/fuzz/` and fails the run; once mended, its input belongs into `tests/fuzz/corpus/<target>/`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import django

import tests.environment  # noqa: F401  (before Django reads its settings)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
django.setup()

from tests.fuzz.targets import CORPUS, TARGETS  # noqa: E402  (some targets load models)

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "fuzz"
SLOW_S = 10
MEMORY_MAX_MB = 2048
GRACE_S = 60
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
    chosen = options.targets or list(TARGETS)
    if unknown := sorted(set(chosen) - set(TARGETS)):
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    print(f"{'target':<22}{'executions':>12}{'per second':>12}{'coverage':>10}{'corpus':>8}", flush=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        runs = list(pool.map(lambda name: _report(run(name, options.seconds)), chosen))
    total = sum(one.executions for one in runs)
    findings = [one for one in runs if one.finding]
    print(f"{total:,} executions of {len(runs)} targets, {len(findings)} findings")
    for one in findings:
        print(f"\n{one.name}:\n{one.finding}")
    return 1 if findings else 0


def run(name: str, seconds: int) -> Run:
    """Fuzz one target in a process of its own."""
    grown = KEPT / "corpus" / name
    grown.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOW_S}", f"-rss_limit_mb={MEMORY_MAX_MB}"]
    kept = [f"-artifact_prefix={KEPT}/{name}-", str(grown), *_seeds(name)]
    command = [sys.executable, "-m", "tests.fuzz.process", name, "-print_final_stats=1", *limits, *kept]
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False, timeout=seconds + GRACE_S * 5
    )
    return _read(name, done, time.monotonic() - began)


def _seeds(name: str) -> list[str]:
    folder = CORPUS / name
    return [str(folder)] if folder.is_dir() else []


def _read(name: str, done: subprocess.CompletedProcess[str], seconds: float) -> Run:
    progress = PROGRESS.findall(done.stderr)
    executions, coverage, kept = map(int, progress[-1]) if progress else (0, 0, 0)
    executions = max([executions, *map(int, EXECUTED.findall(done.stderr))])
    finding = "" if done.returncode == 0 else _told(done.stdout + done.stderr)
    return Run(name, executions, coverage, kept, seconds, finding)


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
