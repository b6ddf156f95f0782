"""What a join costs: CPU of the media worker and time, one by one with the LiveKit SDK, then many at once.

`python -m benchmarks.join` lets people with the SDK, data channels included, join and leave a room in which somebody
speaks; then 100 plain peers (signalling, ICE, DTLS) join another room from as many threads. CPU is that of the media
worker without what the room costs anyway; memory is what belongs to the worker alone, by those who came.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from benchmarks import processes
from benchmarks.visio_server import VisioRoom, VisioServer
from tests.media_live.people import Person, ticket
from tests.stack import Stack
from visio.rooms import slugs

WINDOW_S = 0.8  # a join and what it sets in motion
THREADS = 25


async def one_by_one(stack: Stack, pid: int, joins: int) -> None:
    """Let people join and leave; print the medians."""
    slug, alice = slugs.generate(), Person("alice", single=True)
    await alice.enter(stack, slug)
    await alice.speak(440)
    await asyncio.sleep(WINDOW_S)
    cpu_s, took_s = [], []
    for number in range(joins):
        address, token = await ticket(stack, slug, f"bob-{number}")
        idle_s = await _used(pid, asyncio.sleep(WINDOW_S))
        bob = Person(f"bob-{number}", single=True)
        started = time.monotonic()
        before = processes.cpu_s(pid)
        await bob.connect(address, token)
        took_s.append(time.monotonic() - started)
        await asyncio.sleep(max(0.0, WINDOW_S - took_s[-1]))
        cpu_s.append(processes.cpu_s(pid) - before - idle_s * max(1.0, took_s[-1] / WINDOW_S))
        await bob.leave()
    await alice.leave()
    spread = quantiles(cpu_s, n=10)
    print(
        f"one by one, LiveKit SDK, one connection, {joins} joins: {median(cpu_s) * 1e3:.1f} ms CPU each "
        f"(p10 {spread[0] * 1e3:.1f}, p90 {spread[-1] * 1e3:.1f}), {median(took_s) * 1e3:.0f} ms until connected"
    )


async def _used(pid: int, work: object) -> float:
    """Return the CPU that a process uses while something is awaited."""
    before = processes.cpu_s(pid)
    await work  # type: ignore[misc]
    return processes.cpu_s(pid) - before


def at_once(room: VisioRoom, pid: int, joins: int) -> None:
    """Let people join at the same time; print what it took."""
    publisher = room.publish(["audio", "video"])
    time.sleep(WINDOW_S)
    held, used, started = processes.memory_bytes(pid), processes.cpu_s(pid), time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        peers = list(threads.map(lambda _: room.subscribe(["audio", "video"]), range(joins)))
    took = time.monotonic() - started
    used = processes.cpu_s(pid) - used
    time.sleep(WINDOW_S)
    held = processes.memory_bytes(pid) - held
    print(
        f"{joins} at once: all connected after {took:.1f} s, {used / joins * 1e3:.1f} ms CPU of the worker each, "
        f"{held / joins / 2**20:.2f} MB of its memory each"
    )
    for peer in (publisher, *peers):
        peer.close()
    room.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--joins", type=int, default=20, help="one by one")
    parser.add_argument("--crowd", type=int, default=100, help="at once")
    options = parser.parse_args()
    print(processes.machine())
    with VisioServer() as server:
        asyncio.run(one_by_one(server.stack, server.pid, options.joins))
        at_once(server.room(), server.pid, options.crowd)


if __name__ == "__main__":
    main()
