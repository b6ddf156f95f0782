"""A gathering lasts from the first person in a room to the last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.dispatch import receiver

from tests.identity.people import make_user
from visio.attendance.models import Gathering
from visio.attendance.signals import gathering_ended
from visio.rooms.models import Room

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture
def room(transactional_db: None) -> Room:
    return Room.create(make_user("alice"), "Council")


def test_it_works(room: Room) -> None:
    told: list[Gathering] = []
    note = receiver(gathering_ended)(lambda gathering, **_: told.append(gathering))
    Gathering.begin(room.pk, NOW)
    Gathering.begin(room.pk, NOW + timedelta(minutes=1))
    current = Gathering.objects.current(room)
    assert current is not None
    assert (current.began_at, current.ended_at) == (NOW, None)
    current.end(NOW + timedelta(hours=1))
    assert Gathering.objects.current(room) is None
    assert told == [current]
    gathering_ended.disconnect(note)


def test_a_room_has_one_at_a_time(room: Room) -> None:
    Gathering.begin(room.pk, NOW)
    with pytest.raises(IntegrityError):
        Gathering(room=room, began_at=NOW).save()
