"""Webhooks of a real installation, verified with the library of integrators."""

from __future__ import annotations

import pytest
from livekit import api
from livekit.protocol import room as messages

from tests.integration.callers import join_token
from tests.integration.receiver import CITY, Receiver
from tests.media_live.people import Person
from tests.stack import Stack

pytestmark = pytest.mark.live
MINUTES_LATER = """
from datetime import timedelta
from django.db.models import F
from visio.integration.models import Attendee
from visio.integration.tasks import mend_webhooks
from visio.signalling.models import Session
from visio.signalling.tasks import sweep
minutes, ghosts = timedelta(minutes=5), Session.objects.filter(identity="ghost")
ghosts.update(connected_at=F("connected_at") - minutes)
sweep()
print("gone:", ghosts.filter(left_at__isnull=False).update(left_at=F("left_at") - minutes))
Attendee.objects.filter(session__in=ghosts.values("pk")).update(joined_at=F("joined_at") - minutes)
mend_webhooks()
"""
"""What Celery does every minute, when some have passed."""


async def test_a_whole_meeting_is_told(open_stack: Stack, receiver: Receiver, city: api.LiveKitAPI, name: str) -> None:
    """In order, with ids of their own; the room is over when nobody came back within its time."""
    made = await city.room.create_room(messages.CreateRoomRequest(name=name, departure_timeout=1))
    alice = Person("alice", single=True)
    await alice.connect(open_stack.ws_url, join_token(CITY, name, "alice"))
    spoken = await alice.speak(440)
    receiver.wait(lambda: "track_published" in receiver.names(name), "the track is told")
    await alice.room.local_participant.unpublish_track(spoken.sid)
    sid = alice.room.local_participant.sid
    await alice.leave()
    receiver.wait(lambda: "room_finished" in receiver.names(name), "the end is told")
    events = receiver.events(name)
    assert [event.event for event in events] == [
        "room_started",
        "participant_joined",
        "track_published",
        "track_unpublished",
        "participant_left",
        "room_finished",
    ]
    assert {event.room.sid for event in events} == {made.sid}
    assert {event.participant.sid for event in events if event.HasField("participant")} == {sid}
    assert {event.track.sid for event in events if event.HasField("track")} == {spoken.sid}
    assert len({event.id for event in events}) == len(events)
    assert receiver.headers["Content-Type"] == "application/webhook+json"


async def test_nothing_is_lost_while_the_receiver_is_away(
    open_stack: Stack, receiver: Receiver, city: api.LiveKitAPI, name: str
) -> None:
    receiver.status = 503
    alice = Person("alice", single=False)
    await alice.connect(open_stack.ws_url, join_token(CITY, name, "alice"))
    await alice.leave()
    receiver.wait(lambda: receiver.refused > 0, "an attempt was refused")
    receiver.status = 200
    receiver.wait(lambda: "participant_left" in receiver.names(name), "everything arrives")
    assert receiver.names(name)[:3] == ["room_started", "participant_joined", "participant_left"]


async def test_who_went_with_a_dead_worker_is_told(
    open_stack: Stack, receiver: Receiver, city: api.LiveKitAPI, name: str
) -> None:
    """The worker cannot say so any more: the session ends, and receivers hear of it."""
    await city.room.create_room(messages.CreateRoomRequest(name=name, departure_timeout=1))
    ghost = Person("ghost", single=True)
    await ghost.connect(open_stack.ws_url, join_token(CITY, name, "ghost"))
    receiver.wait(lambda: "participant_joined" in receiver.names(name), "the coming is told")
    open_stack.kill("media-0")
    await ghost.leave()
    open_stack.start("media-0")
    assert "gone: 1" in open_stack.manage("shell", "-c", MINUTES_LATER)
    receiver.wait(lambda: "room_finished" in receiver.names(name), "the end is told")
    assert receiver.names(name)[-2:] == ["participant_left", "room_finished"]


async def test_rooms_of_people_are_told_to_the_services_own_key(
    open_stack: Stack, receiver: Receiver, slug: str
) -> None:
    alice = Person("alice", single=True)
    await alice.enter(open_stack, slug)
    room = alice.room.name
    receiver.wait(lambda: "participant_joined" in receiver.names(room), "alice's coming is told")
    await alice.leave()
    receiver.wait(lambda: "participant_left" in receiver.names(room), "alice's going is told")
