"""What a process costs, read from the kernel."""

from __future__ import annotations

from pathlib import Path


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of all threads of a process, with the precision of the scheduler."""
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(path.read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # the thread has ended meanwhile
    return total / 1e9


def memory_bytes(pid: int) -> int:
    """Return the memory that belongs to a process alone."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("the kernel does not tell what a process holds")


def machine() -> str:
    """Return the name of the processor, how many there are, and the kernel."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    release = Path("/proc/sys/kernel/osrelease").read_text().strip()
    return f"{len(names)} x {names[0] if names else 'unknown'}, Linux {release}"
