"""Rules that ask for a stronger proof of identity in mid-call: people are asked, and have time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import Login, User
from tests.live.meeting import enter, present
from tests.signalling.worker import FakeWorker
from visio.rooms import tickets
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.rooms.signals import access_changed
from visio.signalling import sessions, tasks
from visio.signalling.errors import RefusedError
from visio.signalling.models import Session

RAISED = {"assurances": ["eidas2"]}


@pytest.fixture
def room(room: Room) -> Room:
    """A room for everybody who is signed in."""
    room.change(access_level=AccessLevel.TRUSTED)
    return room


async def test_who_is_inside_is_asked_and_leaves_when_the_time_is_over(
    worker: FakeWorker, room: Room, charlie: User
) -> None:
    caller = await present(room, charlie)
    await sync_to_async(room.change)(terms=RAISED)
    asked = await caller.hears("people.identify")
    session = await Session.objects.aget()
    assert (asked["levels"], asked["from"], session.revoked_at) == (["eidas2"], "", None)
    assert session.prove_by is not None
    assert asked["until"] == session.prove_by.isoformat()
    worker.rooms = [{"name": str(room.pk), "participants": [{"session": str(session.pk)}]}]
    await sync_to_async(tasks.sweep)()
    await caller.hears_none("error")
    await Session.objects.aupdate(prove_by=timezone.now() - timedelta(seconds=1))
    await sync_to_async(tasks.sweep)()
    assert await caller.closed() == 1013
    assert (await Session.objects.aget()).revoked_for == "not_allowed"
    await caller.leave()


@pytest.mark.django_db(transaction=True)
def test_who_proves_it_stays(room: Room, charlie: User) -> None:
    session = enter(room, charlie)
    room.change(terms=RAISED)
    Login.objects.update(acr="eidas2")
    access_changed.send(sender=Room, room=room)
    session.refresh_from_db()
    assert (session.prove_by, session.revoked_at) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_a_cut_takes_no_time_away(room: Room, charlie: User) -> None:
    """Who comes back to their session meanwhile is let in, and is not when the time is over."""
    session = enter(room, charlie)
    room.change(terms=RAISED)
    token = tickets.refresh(session.pk, room.pk, session.rights, timezone.now())
    sessions.check(tickets.read(token, timezone.now()), timezone.now())
    Session.objects.update(prove_by=timezone.now() - timedelta(seconds=1))
    with pytest.raises(RefusedError):
        sessions.check(tickets.read(token, timezone.now()), timezone.now())


@pytest.mark.django_db(transaction=True)
def test_other_conditions_put_out_at_once(room: Room, charlie: User) -> None:
    session = enter(room, charlie)
    room.change(terms={**RAISED, "domains": ["ministry.example"]})
    session.refresh_from_db()
    assert session.revoked_for == "not_allowed"
