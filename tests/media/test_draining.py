"""The end of a worker, step by step: whom it still takes, where the others go, how fast, and until when."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import ConnectionError as AwayError

from tests.media.hall import Guest, Hall
from visio import wire
from visio.media.draining import CONNECTING_S, JOINS_PER_S, drain, is_settled, pause_s
from visio.media.participant import Reason, State
from visio.media.room import Action

PACE: list[tuple[str, tuple[int, int, int, float], float]] = [
    ("what one worker takes", (JOINS_PER_S, 10, 1, 100.0), 1.0),
    ("what two workers take", (JOINS_PER_S, 10, 2, 100.0), 0.5),
    ("faster when it would be too late", (10, 990, 1, 20.0), 0.2),
    ("at once when time is over", (10, 990, 1, -1.0), 0.0),
    ("no pause after the last", (10, 0, 1, 20.0), 0.0),
]


@pytest.mark.parametrize(("why", "given", "expected"), PACE, ids=[row[0] for row in PACE])
def test_pace(why: str, given: tuple[int, int, int, float], expected: float) -> None:
    assert pause_s(*given) == pytest.approx(expected)


class Entries:
    """A registry whose other workers the test names, and which notes in which order things happen."""

    def __init__(self, hall: Hall, others: int = 1) -> None:
        self.hall = hall
        self.count = others
        self.happened: list[str] = []
        self.away = 0

    def release(self, room: str) -> None:
        self.happened.append(f"release {room}")
        assert room not in self.hall.rooms.owned(), "a heartbeat would claim it again"

    async def written(self) -> None:
        self.happened.append("written")
        assert self.hall.rooms.is_draining

    async def others(self) -> int:
        if self.away:
            self.away -= 1
            raise AwayError
        return self.count


def _enter(hall: Hall, *identities: str) -> list[Guest]:
    guests = [hall.enter(identity) for identity in identities]
    for guest in guests:
        guest.participant.move(State.ACTIVE)
    return guests


async def test_everybody_is_sent_away_once_the_room_is_free() -> None:
    hall = Hall()
    guests = _enter(hall, "alice", "bob")
    entries = Entries(hall)
    await drain(hall.rooms, entries, 5.0)
    assert entries.happened == ["written", "release room", "written"]
    assert not hall.rooms.rooms
    for guest in guests:
        (leave,) = guest.responses("leave")
        assert (leave.reason, leave.action) == (Reason.SERVER_SHUTDOWN, Action.RECONNECT)
    await hall.done()


async def test_a_new_room_is_turned_away() -> None:
    hall = Hall()
    await drain(hall.rooms, Entries(hall), 5.0)
    guest = Guest(hall, "alice", single=False)
    guest.connect(wire.Grant("alice"))
    assert hall.reports == [wire.Elsewhere(guest.channel)]
    assert not hall.rooms.rooms
    assert hall.claims == 0


async def test_who_comes_into_a_room_that_is_kept_is_let_in() -> None:
    hall = Hall()
    _enter(hall, "alice")
    await drain(hall.rooms, Entries(hall, others=0), 5.0)
    bob = hall.enter("bob")
    assert bob.responses("join")
    assert hall.rooms.owned() == ["room"]


async def test_who_comes_into_a_room_that_was_given_up_is_turned_away() -> None:
    hall = Hall()
    _enter(hall, "alice")
    hall.rooms.turn_away()
    hall.rooms.give_up("room")
    bob = Guest(hall, "bob", single=False)
    bob.connect(wire.Grant("bob"))
    assert wire.Elsewhere(bob.channel) in hall.reports


async def test_without_another_worker_it_ends_at_once() -> None:
    hall = Hall()
    _enter(hall, "alice")
    async with asyncio.timeout(1):
        await drain(hall.rooms, Entries(hall, others=0), 60.0)
    assert list(hall.rooms.rooms) == ["room"]


async def test_rooms_stay_while_valkey_is_away() -> None:
    hall = Hall()
    _enter(hall, "alice")
    entries = Entries(hall)
    entries.away = 3
    await drain(hall.rooms, entries, 5.0)
    assert not hall.rooms.rooms
    await hall.done()


async def test_it_gives_up_at_its_deadline() -> None:
    hall = Hall()
    _enter(hall, "alice")
    entries = Entries(hall)
    entries.away = 1_000_000
    async with asyncio.timeout(2):
        await drain(hall.rooms, entries, 0.3)
    assert list(hall.rooms.rooms) == ["room"]


async def test_who_is_about_to_connect_is_waited_for_a_while() -> None:
    hall = Hall()
    hall.enter("alice")
    (room,) = hall.rooms.rooms.values()
    assert not is_settled(room, hall.now + CONNECTING_S / 2)
    assert is_settled(room, hall.now + CONNECTING_S + 0.1)
    (alice,) = room.participants.values()
    alice.move(State.ACTIVE)
    assert is_settled(room, hall.now)
