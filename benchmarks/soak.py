"""A long run on this machine: rooms come and go, and memory and open files of web and media must end where they began.

`python -m benchmarks.soak --seconds 3600` starts an installation of its own. Round after round, people enter new rooms,
are heard, come back from a lost socket or connection, and leave; what a process holds is read when every room is gone.
The run fails when the end differs from the beginning by more than TOLERANCE, or when a log tells of an exception.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from livekit.rtc import ConnectError, SimulateScenarioKind

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, until
from tests.stack import Stack
from visio.rooms import slugs

PARTS = ("web", "media-0", "media-1")
TOLERANCE = 0.05
WINDOW = 0.1
"""Share of the samples that make the beginning, and the end."""
WARM_UP = 0.1
"""Share of the time in which caches and pools fill, which is not growth."""
TROUBLE = re.compile(
    r"^.*(?:Traceback|exception was never retrieved|never awaited|\bERROR\b|\bCRITICAL\b).*$", re.MULTILINE
)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024
BREAKS = (
    None,
    SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT,
    None,
    SimulateScenarioKind.SIMULATE_FULL_RECONNECT,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process holds at one moment, and the CPU that it has used since its start."""

    at_s: float
    resident_bytes: int
    files: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how many, how often."""

    seconds: float
    rooms: int
    people: int
    stay_s: float
    pause_s: float


def sample(pid: int, at_s: float) -> Sample:
    """Read what a process holds."""
    process = Path(f"/proc/{pid}")
    used = process.joinpath("stat").read_text(encoding="ascii").rpartition(")")[2].split()
    resident = int(process.joinpath("statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
    return Sample(at_s, resident, len(os.listdir(process / "fd")), (int(used[11]) + int(used[12])) / TICKS_PER_S)


async def attend(stack: Stack, plan: Plan, number: int, headquarters: Headquarters) -> bool:
    """Hold one meeting; tell whether everybody was heard, and print what the workers say when not."""
    try:
        await meet(stack, plan, number, headquarters)
    except (TimeoutError, ConnectError) as error:
        print(f"meeting {number} failed: {error!r}", flush=True)
        return False
    return True


async def meet(stack: Stack, plan: Plan, number: int, headquarters: Headquarters) -> None:
    """Hold one meeting in a new room: each is heard by the next, one loses its connection, all leave."""
    people = [Person(f"person-{place}", single=(number + place) % 2 == 0) for place in range(plan.people)]
    slug = slugs.generate()
    try:
        await asyncio.gather(*(person.enter(stack, slug) for person in people))
        for place, person in enumerate(people):
            await person.speak(440 + 110 * place)
        await heard(people)
        scenario = BREAKS[number % len(BREAKS)]
        if scenario is not None:
            await people[0].room.simulate_scenario(scenario)
            await until(lambda: people[0].of("reconnected"), "the first is back")
            await heard(people)
        await asyncio.sleep(plan.stay_s)
    except TimeoutError:
        print(json.dumps(await headquarters.dumps()), flush=True)
        raise
    finally:
        await asyncio.gather(*(person.leave() for person in people))


async def heard(people: list[Person]) -> None:
    """Wait until each person hears the next one."""
    pairs = [(place, (place + 1) % len(people)) for place in range(len(people))]
    await asyncio.gather(*(people[one].hears(people[two].name, 440 + 110 * two) for one, two in pairs))


async def soak(stack: Stack, plan: Plan) -> tuple[dict[str, list[Sample]], int]:
    """Hold meetings until the time is over; give the samples of each process and how many meetings failed."""
    taken: dict[str, list[Sample]] = {part: [] for part in PARTS}
    began, number, failed = time.monotonic(), 0, 0
    async with Headquarters(stack) as headquarters:
        while time.monotonic() - began < plan.seconds:
            held = await asyncio.gather(
                *(attend(stack, plan, number + place, headquarters) for place in range(plan.rooms))
            )
            failed += held.count(False)
            number += plan.rooms
            await asyncio.sleep(plan.pause_s)
            await headquarters.settled()
            for part in PARTS:
                taken[part].append(sample(stack.pid(part), time.monotonic() - began))
            print(line(number, taken), flush=True)
    return taken, failed


def line(meetings: int, taken: dict[str, list[Sample]]) -> str:
    """Describe the newest samples."""
    newest = {part: samples[-1] for part, samples in taken.items()}
    held = "  ".join(f"{part} {one.resident_bytes / MIB:6.1f} MiB {one.files:3} files" for part, one in newest.items())
    return f"{newest['web'].at_s:6.0f} s {meetings:5} meetings  {held}"


def deviations(samples: list[Sample], seconds: float) -> Iterator[tuple[str, float, float]]:
    """Give what is held, its median at the beginning (after the warm-up) and at the end."""
    warm = [one for one in samples if one.at_s >= WARM_UP * seconds]
    count = max(1, round(WINDOW * len(warm)))
    first, last = warm[:count], warm[-count:]
    yield "MiB", median(one.resident_bytes / MIB for one in first), median(one.resident_bytes / MIB for one in last)
    yield "files", median(one.files for one in first), median(one.files for one in last)


def verdict(stack: Stack, taken: dict[str, list[Sample]], plan: Plan) -> bool:
    """Print beginning, end and the troubles in the logs; tell whether all is well."""
    well = True
    for part, samples in taken.items():
        for unit, before, after in deviations(samples, plan.seconds):
            change = after / before - 1
            well = well and abs(change) <= TOLERANCE
            print(f"{part:8} {unit:5} began {before:7.1f}  ended {after:7.1f}  {change:+.1%}")
        share = (samples[-1].cpu_s - samples[0].cpu_s) / max(1.0, samples[-1].at_s - samples[0].at_s)
        print(f"{part:8} CPU   {share:.1%} of a core")
    troubles = [f"{part}: {found}" for part in (*PARTS, "worker") for found in TROUBLE.findall(stack.log(part))]
    print(f"{len(troubles)} troubles in the logs", *troubles[:20], sep="\n  ")
    return well and not troubles


def main() -> int:
    """Run; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rooms", type=int, default=1, help="at a time")
    parser.add_argument("--people", type=int, default=2, help="in each room")
    parser.add_argument("--stay", type=float, default=5, help="seconds of each meeting after everybody was heard")
    parser.add_argument("--pause", type=float, default=2, help="seconds between rounds")
    options = parser.parse_args()
    plan = Plan(options.seconds, options.rooms, options.people, options.stay, options.pause)
    with Stack(media=2, worker=True, own_valkey=True) as stack:
        taken, failed = asyncio.run(soak(stack, plan))
        print(f"{failed} meetings failed")
        return 0 if verdict(stack, taken, plan) and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
