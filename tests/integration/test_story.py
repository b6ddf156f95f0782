"""What is told and what is not: repetitions, rooms that move, workers that die, rooms that are nobody's business."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from google.protobuf import json_format
from livekit.protocol import models, webhook
from pytest_django import Settings

from visio.integration import expiry, story
from visio.integration.models import Attendee, Delivery, Gathering
from visio.rooms import slugs
from visio.rooms.models import Room
from visio.signalling.models import LiveKitRoom, Session

pytestmark = pytest.mark.django_db
URL = "https://integrator.example.org/hook"


@pytest.fixture(autouse=True)
def _receiver(settings: Settings) -> None:
    settings.LIVEKIT_API_ENABLED = True
    settings.LIVEKIT_WEBHOOK_URLS = [URL]


@pytest.fixture
def room() -> Room:
    return Room.objects.create(name="Room")


def fact(name: str, room: Room, sid: str = "PA_1", session: uuid.UUID | None = None) -> dict[str, str]:
    """Give what a worker reports."""
    event = webhook.WebhookEvent(
        event=name, id=f"EV_{uuid.uuid4().hex[:8]}", created_at=int(timezone.now().timestamp())
    )
    event.room.name = str(room.pk)
    if name.startswith(("participant", "track")):
        event.participant.CopyFrom(models.ParticipantInfo(sid=sid, identity="alice", name="Alice"))
    return {
        "room": str(room.pk),
        "session": str(session or uuid.uuid4()),
        "event": json_format.MessageToJson(event, indent=None),
    }


def report(facts: list[dict[str, str]], worker: str = "") -> None:
    """Take facts as the first report of a worker."""
    story.take(worker or uuid.uuid4().hex, 1, facts, timezone.now())


def told() -> list[str]:
    """Give the names of the events that are queued."""
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


def session_in(room: Room, **values: object) -> Session:
    return Session.objects.create(ticket=uuid.uuid4().hex, room=room, via="page", identity="alice", grant={}, **values)


def later(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_it_works(room: Room) -> None:
    facts = [fact(name, room) for name in ("room_started", "participant_joined", "track_published", "participant_left")]
    report(facts)
    assert told() == ["room_started", "participant_joined", "track_published", "participant_left"]


def test_a_repeated_report_changes_nothing(room: Room) -> None:
    facts = [fact(name, room) for name in ("room_started", "participant_joined", "participant_left")]
    for _ in range(2):
        report(facts)
    assert len(told()) == 3


def test_a_room_is_over_when_nobody_came_back(room: Room) -> None:
    report([fact("room_started", room), fact("room_finished", room)])
    assert not story.finish(room.pk, later(story.DEPARTURE_S - 2))
    assert story.finish(room.pk, later(story.DEPARTURE_S + 1))
    assert not story.finish(room.pk, later(story.DEPARTURE_S + 1))
    assert told() == ["room_started", "room_finished"]


def test_a_room_that_moves_goes_on(room: Room) -> None:
    """A draining worker ends it, another begins it: nothing of that is told."""
    report([fact("room_started", room), fact("room_finished", room)])
    report([fact("room_started", room)])
    assert not story.finish(room.pk, later(60))
    assert told() == ["room_started"]


def test_a_deleted_room_is_over_at_once(room: Room) -> None:
    report([fact("room_started", room), fact("room_finished", room)])
    key = room.pk
    room.delete()
    assert story.finish(key, timezone.now())


def test_who_left_with_a_dead_worker_is_told(room: Room) -> None:
    session = session_in(room, left_at=later(-90))
    report([fact("room_started", room), fact("participant_joined", room, session=session.pk)])
    Attendee.objects.update(joined_at=later(-600))
    assert story.mend(timezone.now()) == [room.pk]
    assert told()[-1] == "participant_left"
    left = json_format.Parse(Delivery.objects.get(event="participant_left").body, webhook.WebhookEvent())
    assert (left.participant.identity, left.participant.state) == ("alice", models.ParticipantInfo.State.DISCONNECTED)
    assert story.finish(room.pk, later(60))


def test_who_is_there_is_left_alone(room: Room) -> None:
    session = session_in(room)
    report([fact("room_started", room), fact("participant_joined", room, session=session.pk)])
    Attendee.objects.update(joined_at=later(-600))
    assert story.mend(timezone.now()) == []
    assert told() == ["room_started", "participant_joined"]


def test_connection_tests_are_nobodys_business() -> None:
    room = Room.objects.create(slug=slugs.generate_for_test(), name="Connection test")
    report([fact(name, room) for name in ("room_started", "participant_joined", "participant_left")])
    assert told() == []


def test_an_integrator_hears_of_its_own_rooms_only(room: Room, settings: Settings) -> None:
    settings.LIVEKIT_WEBHOOK_API_KEY = "city"
    theirs = Room.objects.create(name="Theirs")
    LiveKitRoom.objects.create(room=theirs, key="city", name="theirs")
    for one in (room, theirs):
        names = ("room_started", "participant_joined", "track_published", "participant_left")
        report([fact(name, one) for name in names])
    assert set(Delivery.objects.values_list("room", flat=True)) == {theirs.pk}
    assert len(told()) == 4
    assert Gathering.objects.count() == 1


def test_integrators_rooms_end_when_their_time_is_over(room: Room) -> None:
    fresh, stale, busy = (Room.objects.create(name=name) for name in ("fresh", "stale", "busy"))
    for one in (fresh, stale, busy):
        LiveKitRoom.objects.create(room=one, key="city", name=one.name, departure_timeout_s=20, empty_timeout_s=300)
    session_in(stale, left_at=later(-30))
    session_in(busy, left_at=later(-30))
    session_in(busy)
    assert expiry.end_empty(timezone.now()) == 1
    assert set(Room.objects.all()) == {room, fresh, busy}
    assert expiry.end_empty(later(301)) == 1
    assert set(Room.objects.all()) == {room, busy}


def test_reports_are_taken_in_their_order(room: Room) -> None:
    """Celery may hand them over in another: a later one waits, a repeated one does not."""
    assert story.is_next("w", 1)
    assert not story.is_next("w", 2)
    story.take("w", 1, [fact("room_started", room)], timezone.now())
    assert story.is_next("w", 1)
    assert story.is_next("w", 2)
    assert not story.is_next("w", 3)
    story.take("w", 5, [], timezone.now())
    assert story.is_next("w", 6)
