"""What a forwarded packet costs: CPU of the server process and latency, against Debian's Janus in the same run.

`python -m benchmarks.forwarding --subscribers 30 --kinds video --repeat 3` publishes one track to that many
subscribers on each server in turn, several times, and prints medians; `--publishers 3 --subscribers 27` is a room of
thirty of whom three send. Gross cost is all CPU of the server process in a window, by the packets forwarded in it; net
cost leaves out what the same connections cost while nothing is published.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Protocol, Self

from benchmarks import processes
from benchmarks.janus_server import JanusServer
from benchmarks.peer import Peer
from benchmarks.traffic import PATTERNS, Call, Pattern, Publisher, Receiver
from benchmarks.visio_server import VisioServer
from visio.media.sections import Kind

WARM_S = 2.0  # key frames, estimates and caches settle
WARM_ROUNDS = 8
ALL_BUT_STRAGGLERS = 0.98
SERVERS = ["visio", "janus", "janus2"]
REST_S = 0.3  # the last packets arrive


class Room(Protocol):
    """A meeting on some server."""

    def publish(self, kinds: list[Kind]) -> Peer:
        """Let a publisher in."""

    def subscribe(self, kinds: list[Kind]) -> Peer:
        """Let a subscriber in."""

    def close(self) -> None:
        """End the meeting."""


class Server(Protocol):
    """A server that is measured."""

    @property
    def name(self) -> str:
        """Return what it is called in the table."""

    @property
    def pid(self) -> int:
        """Return the process whose CPU counts."""

    def room(self) -> Room:
        """Open a meeting."""

    def __enter__(self) -> Self:
        """Start."""

    def __exit__(self, *_: object) -> None:
        """End."""


@dataclass(frozen=True)
class People:
    """How many send, and how many receive what each of those sends."""

    publishers: int
    subscribers: int


@dataclass(frozen=True)
class Measurement:
    """One trial: microseconds of CPU for each forwarded packet, milliseconds of latency."""

    server: str
    kind: str
    subscribers: int
    gross_us: float
    net_us: float
    core_percent: float
    lost_percent: float
    feedbacks_per_s: float
    latency_ms: float
    latency_p99_ms: float
    lag_p99_ms: float
    """Of the event loop: the next of its metric's bounds; nothing is known of other servers'."""


def measure(server: Server, pattern: Pattern, people: People, seconds: float) -> Measurement:
    """Run one trial. Raise `SystemExit` when packets come damaged, or so few that the figure means nothing."""
    room, sent_at, subscribers = server.room(), array("d"), people.subscribers
    publishers = [Publisher(room.publish([pattern.kind]), pattern, sent_at) for _ in range(people.publishers)]
    settle = Call(publishers, [])
    settle.run(0.3, publishing=True)  # a server knows a stream by its first packets
    receivers = []
    for _ in range(subscribers):
        receivers.append(Receiver(room.subscribe([pattern.kind] * people.publishers), pattern, sent_at))
        settle.run(0.01, publishing=True)
    call = Call(publishers, receivers)
    _warm_up(call, receivers, sent_at)
    before, used_before, arrived_before = len(sent_at), processes.cpu_s(server.pid), _arrived(receivers)
    for receiver in receivers:
        receiver.latencies_s.clear()
    told_before, started = sum(receiver.feedbacks for receiver in receivers), time.monotonic()
    lag_before = _lag(server)
    call.run(seconds, publishing=True)
    lag = _lag(server)
    used, took = processes.cpu_s(server.pid) - used_before, time.monotonic() - started
    feedbacks = sum(receiver.feedbacks for receiver in receivers) - told_before
    expected = (len(sent_at) - before) * subscribers
    call.run(REST_S, publishing=False)
    arrived = _arrived(receivers) - arrived_before
    call.run(WARM_S / 2, publishing=False)
    idle_before, idle_started = processes.cpu_s(server.pid), time.monotonic()
    call.run(seconds, publishing=False)
    idle = (processes.cpu_s(server.pid) - idle_before) / (time.monotonic() - idle_started) * took
    latencies = [value for receiver in receivers for value in receiver.latencies_s]
    strange = sum(receiver.strange for receiver in receivers)
    room.close()
    call.close()
    if len(latencies) < 4 or strange > len(latencies) / 20:
        found = f"{len(latencies)} samples are sound, {strange} are not, {arrived} of {expected} packets arrived"
        raise SystemExit(f"{server.name}: {found}")
    return Measurement(
        server=server.name,
        kind=pattern.kind,
        subscribers=subscribers,
        gross_us=used / arrived * 1e6,
        net_us=(used - idle) / arrived * 1e6,
        core_percent=used / took * 100,
        lost_percent=(expected - arrived) / expected * 100,
        feedbacks_per_s=feedbacks / took,
        latency_ms=median(latencies) * 1e3,
        latency_p99_ms=quantiles(latencies, n=100)[98] * 1e3,
        lag_p99_ms=_lag_p99_s(lag_before, lag) * 1e3,
    )


def _warm_up(call: Call, receivers: Sequence[Receiver], sent_at: array[float]) -> None:
    """Let everything flow until everybody gets everything: a server may want to see first what a path carries."""
    for _ in range(WARM_ROUNDS):
        sent, arrived = len(sent_at), _arrived(receivers)
        call.run(WARM_S, publishing=True)
        if _arrived(receivers) - arrived >= ALL_BUT_STRAGGLERS * (len(sent_at) - sent) * len(receivers):
            return


def _lag(server: Server) -> dict[float, int]:
    return server.lag() if isinstance(server, VisioServer) else {}


def _lag_p99_s(before: dict[float, int], after: dict[float, int]) -> float:
    """Return the bound below which 99 of 100 turns were."""
    turns = {bound: count - before[bound] for bound, count in after.items()}
    most = max(turns.values(), default=0)
    return min((bound for bound, count in turns.items() if count >= 0.99 * most), default=float("nan"))


def _arrived(receivers: Sequence[Receiver]) -> int:
    return sum(receiver.peer.arrived() for receiver in receivers)


def summary(trials: Sequence[Measurement]) -> str:
    """Return one line of the table: the medians of trials of one kind."""
    first = trials[0]

    def middle(name: str) -> float:
        return median(float(getattr(trial, name)) for trial in trials)

    spread = f"{min(t.net_us for t in trials):.1f}-{max(t.net_us for t in trials):.1f}"
    cells = (
        first.server,
        first.kind,
        f"{first.subscribers}",
        f"{middle('gross_us'):.1f}",
        f"{middle('net_us'):.1f} ({spread})",
        f"{middle('core_percent'):.0f} %",
        f"{middle('lost_percent'):.2f} %",
        f"{middle('feedbacks_per_s'):.0f}",
        f"{middle('latency_ms'):.1f}",
        f"{middle('latency_p99_ms'):.1f}",
        f"{middle('lag_p99_ms'):.0f}",
    )
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| server | kind | subscribers | gross us | net us (range) | core | lost | feedbacks/s "
    "| p50 ms | p99 ms | lag p99 ms |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Measure what the command line asks for and print a table in Markdown."""
    options = _options()
    servers: list[Server] = [VisioServer()] if "visio" in options.servers else []
    servers += [JanusServer()] if "janus" in options.servers else []
    servers += [JanusServer(loops=2)] if "janus2" in options.servers else []
    chosen = [PATTERNS[kind] for kind in options.kinds]
    patterns = [replace(pattern, packets_per_s=pattern.packets_per_s * options.load) for pattern in chosen]
    done: list[Measurement] = []
    with contextlib.ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        for _ in range(options.repeat):
            for pattern in patterns:
                for subscribers in options.subscribers:
                    for server in servers:
                        people = People(options.publishers, subscribers)
                        done.append(measure(server, pattern, people, options.seconds))
                        print(summary(done[-1:]), file=sys.stderr, flush=True)
    _print(done, patterns)
    if options.json:
        options.json.write_text(json.dumps([asdict(trial) for trial in done], indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", nargs="+", type=int, default=[10, 30, 100])
    parser.add_argument("--publishers", type=int, default=1, help="who send at once, each to all subscribers")
    parser.add_argument("--kinds", nargs="+", choices=list(PATTERNS), default=list(PATTERNS))
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=SERVERS)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each window")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--load", type=float, default=1.0, help="how many times the packets of the pattern")
    parser.add_argument("--json", type=Path, help="also write every trial there")
    return parser.parse_args()


def _print(done: Sequence[Measurement], patterns: Sequence[Pattern]) -> None:
    print(processes.machine())
    for pattern in patterns:
        print(pattern)
    print(HEAD)
    cases = dict.fromkeys((trial.kind, trial.subscribers, trial.server) for trial in done)
    for case in cases:
        print(summary([trial for trial in done if (trial.kind, trial.subscribers, trial.server) == case]))


if __name__ == "__main__":
    main()
