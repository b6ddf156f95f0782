"""What is on the stage of a meeting is forgotten with it."""

from __future__ import annotations

from django.utils import timezone

from suite.identity.models import User
from tests.live.meeting import enter
from visio.attendance.models import Gathering
from visio.live.models import Agenda, Hand, Spotlight
from visio.rooms.models import Room


def test_the_end_clears_it(room: Room, alice: User, valkey: str) -> None:
    enter(room, alice)
    gathering = Gathering.objects.get()
    Hand.raise_up(gathering, str(alice.pk), "Alice")
    Spotlight.objects.create(gathering=gathering, identity=str(alice.pk))
    Agenda.objects.create(gathering=gathering, items=[{"text": "Welcome", "minutes": 5}])
    gathering.end(timezone.now())
    assert not any(model.exists() for model in (Hand.objects, Spotlight.objects, Agenda.objects))
