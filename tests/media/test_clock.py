"""The clock of a worker: a room that fails holds up no other, and is logged once."""

from __future__ import annotations

import pytest

from tests.media.hall import Hall
from visio import wire
from visio.media import config
from visio.media.room import Room
from visio.media.worker import Worker


def hall_of(*names: str) -> Hall:
    """Give a hall with somebody in each of these rooms."""
    hall = Hall()
    for name in names:
        hall.rooms.connect(
            wire.Connect(f"session-{name}", f"channel-{name}", name, name, wire.Grant("alice"), False, b"")
        )
    return hall


async def test_a_room_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = hall_of("one", "two", "three")
    failed: list[str] = []
    ticked: list[str] = []
    monkeypatch.setattr(hall, "failed", failed.append)

    def act(room: Room) -> None:
        ticked.append(room.name)
        if room.name == "one":
            raise ZeroDivisionError

    hall.rooms.every(act)
    hall.rooms.every(act)
    assert ticked == ["one", "two", "three"] * 2
    assert failed == ["one"] * 2


async def test_a_room_that_fails_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Once in its life: another room may have the name later."""
    worker = Worker(config.read(0), 0)
    _fail(worker, "one", "one", "two")
    worker.release("one")
    _fail(worker, "one", "two")
    assert [record.getMessage() for record in caplog.records] == [
        f"a tick of room {name} failed" for name in ("one", "two", "one")
    ]
    assert all(record.exc_info for record in caplog.records)


def _fail(worker: Worker, *rooms: str) -> None:
    for room in rooms:
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            worker.failed(room)
