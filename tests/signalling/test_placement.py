"""Which worker a new room goes to: a table, and what a burst of rooms does."""

from __future__ import annotations

from collections import Counter

import pytest

from visio.signalling.placement import FRESH_S, Placement
from visio.wire import Heartbeat

IDLE = Heartbeat("idle", load=0.02)
BUSY = Heartbeat("busy", load=0.8, participants=1)

TABLE: list[tuple[str, list[Heartbeat], str | None]] = [
    ("nobody is there", [], None),
    ("the only one, however busy", [BUSY], "busy"),
    ("the least CPU", [BUSY, IDLE], "idle"),
    ("CPU before packets", [BUSY, Heartbeat("idle", load=0.3, packets_per_s=90_000)], "idle"),
    ("little CPU more or less is the same", [Heartbeat("a", load=0.04, participants=9), IDLE], "idle"),
    ("packets at the same CPU", [Heartbeat("a", packets_per_s=5_000), Heartbeat("b", participants=9)], "b"),
    ("CPU and packets before people", [Heartbeat("a", participants=9, packets_per_s=20), Heartbeat("b")], "b"),
    ("people at the same packets", [Heartbeat("a", participants=3), Heartbeat("b", participants=2)], "b"),
    ("all the same", [Heartbeat("b"), Heartbeat("a")], "a"),
    ("draining ones take none", [BUSY, Heartbeat("idle", draining=True)], "busy"),
    ("all are draining", [Heartbeat("a", draining=True), Heartbeat("b", draining=True)], None),
]


@pytest.mark.parametrize(("why", "workers", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_least_busy_takes_it(why: str, workers: list[Heartbeat], expected: str | None) -> None:
    assert Placement().choose(workers, "room", 0.0) == expected


def _burst(placement: Placement, workers: list[Heartbeat], rooms: int) -> Counter[str | None]:
    return Counter(placement.choose(workers, f"room-{number}", 0.0) for number in range(rooms))


def test_a_burst_is_spread_over_equals() -> None:
    workers = [Heartbeat(name, load=0.01) for name in "abc"]
    assert _burst(Placement(), workers, 30) == {"a": 10, "b": 10, "c": 10}


def test_a_burst_goes_to_the_less_busy_until_it_would_be_as_busy() -> None:
    spread = _burst(Placement(), [Heartbeat("a", load=0.5), Heartbeat("b", load=0.1)], 12)
    assert spread["b"] > 2 * spread["a"] > 0


def test_choices_are_forgotten_when_heartbeats_show_them() -> None:
    placement, workers = Placement(), [Heartbeat("a"), Heartbeat("b")]
    assert [placement.choose(workers, room, 0.0) for room in ("r", "s")] == ["a", "b"]
    assert placement.choose(workers, "t", FRESH_S) == "a"
    assert placement.choose(workers, "u", FRESH_S) == "b"


def test_a_withdrawn_choice_does_not_count() -> None:
    placement, workers = Placement(), [Heartbeat("a"), Heartbeat("b")]
    assert placement.choose(workers, "r", 0.0) == "a"
    placement.withdraw("r")
    assert placement.choose(workers, "s", 0.0) == "a"


def test_two_who_open_one_room_agree() -> None:
    placement, workers = Placement(), [Heartbeat("a"), Heartbeat("b")]
    assert {placement.choose(workers, "r", at) for at in (0.0, 0.1)} == {"a"}
    assert placement.choose([Heartbeat("a", draining=True), Heartbeat("b")], "r", 0.2) == "b"
