"""Rooms that open and close in a row: what tasks, open files, registry keys and memory are left behind.

`python -m benchmarks.churn [--rooms 50]` starts an installation of its own. In each room two LiveKit clients, one with
one peer connection and one with two, send sound and picture, hear and see each other, and leave. What web and media
worker hold is read when everybody has left: after some rooms that fill caches, and ten times more. The run fails when
a task, a file or a key more is there at the end, or when memory rises by more than GROWTH_MAX_KIB with each room.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import linear_regression

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack
from visio.rooms import slugs

WARM_UP = 20
READINGS = 10
GROWTH_MAX_KIB = 16
KIB = 1024
NOTHING_LEFT_S = 30


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the installation holds between two rooms."""

    media_tasks: int
    media_files: int
    media_bytes: int
    web_files: int
    web_bytes: int
    registry_keys: int


def main() -> int:
    """Run, print, and give the exit code: 1 when something was left behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=50)
    rooms = parser.parse_args().rooms
    began = time.monotonic()
    with Stack(media=1, worker=True) as stack:
        readings = asyncio.run(churn(stack, rooms))
    for name, value in asdict(readings[-1][1]).items():
        print(f"{name:14} {asdict(readings[0][1])[name]:>12,} {value:>12,}")
    print(f"{rooms} rooms in {time.monotonic() - began:.0f} s")
    left = left_behind(readings[0][1], readings[-1][1]) + grown(readings)
    print("Left behind: " + (", ".join(left) or "nothing"))
    return 1 if left else 0


async def churn(stack: Stack, rooms: int) -> list[tuple[int, Holdings]]:
    """Open and close rooms; give what was held after how many of them."""
    async with Headquarters(stack) as headquarters:
        await meetings(stack, WARM_UP)
        readings = [(0, await holdings(stack, headquarters))]
        for part in range(1, READINGS + 1):
            done = rooms * part // READINGS
            await meetings(stack, done - readings[-1][0])
            readings.append((done, await holdings(stack, headquarters)))
            print(f"{done:5} rooms: {asdict(readings[-1][1])}", flush=True)
        for _ in range(NOTHING_LEFT_S):  # sockets of clients that have gone close a moment later
            if not left_behind(readings[0][1], readings[-1][1]):
                break
            await asyncio.sleep(1)
            readings[-1] = (rooms, await holdings(stack, headquarters))
    return readings


async def meetings(stack: Stack, count: int) -> None:
    """Hold some meetings, one after the other."""
    for _ in range(count):
        await meet(stack)


async def meet(stack: Stack) -> None:
    """Have two people meet in a new room: each hears and sees the other, then both leave."""
    alice, bob = Person("alice", single=True), Person("bob", single=False)
    async with gathering(stack, slugs.generate(), alice, bob):
        for person in (alice, bob):
            await person.speak(440)
            await person.show(200)
        for person, other in ((alice, "bob"), (bob, "alice")):
            await until(lambda who=person, name=other: hears_and_sees(who, name), f"{other} arrives")  # type: ignore[misc]


def hears_and_sees(person: Person, other: str) -> bool:
    """Tell whether sound and picture of `other` have arrived."""
    return all(person.received[other, track].frames() for track in ("mic", "cam"))


async def holdings(stack: Stack, headquarters: Headquarters) -> Holdings:
    """Wait until no room is left; give what the processes hold."""
    media = await headquarters.settled()
    keys = await headquarters.room_keys()
    return Holdings(
        media_tasks=media["tasks"],
        media_files=media["fds"],
        media_bytes=media["rss_bytes"],
        web_files=len(os.listdir(f"/proc/{stack.pid('web')}/fd")),
        web_bytes=_resident_bytes(stack.pid("web")),
        registry_keys=len(keys),
    )


def left_behind(before: Holdings, after: Holdings) -> list[str]:
    """Name what there is more of at the end, memory left out."""
    growth = {name: value - asdict(before)[name] for name, value in asdict(after).items()}
    return [f"{name} +{more:,}" for name, more in growth.items() if more > 0 and not name.endswith("_bytes")]


def grown(readings: list[tuple[int, Holdings]]) -> list[str]:
    """Print how memory rises with each room, and name what rises too much."""
    counts = [count for count, _ in readings]
    kept = []
    for name in ("media_bytes", "web_bytes"):
        slope = linear_regression(counts, [asdict(held)[name] / KIB for _, held in readings]).slope
        print(f"{name:14} {slope:+.1f} KiB a room")
        kept += [f"{name} {slope:+.1f} KiB a room"] if slope > GROWTH_MAX_KIB else []
    return kept


def _resident_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())
