"""Which gatherings of a room somebody may read who has a right to what is kept of it."""

from __future__ import annotations

from django.db.models import QuerySet

from suite.identity.models import User
from visio.attendance.models import Gathering
from visio.rooms import visits
from visio.rooms.abilities import Action
from visio.rooms.models import Room
from visio.rooms.person import abilities_of
from visio.rooms.visits import State
from visio.signalling.models import Session


def is_present(room: Room, identity: str) -> bool:
    """Say whether somebody is in the meeting in `room` now."""
    return Session.objects.inside().at(room).filter(identity=identity).exists()


def gatherings(room: Room, user: User) -> QuerySet[Gathering]:
    """Give what a member may read: what is over, and what goes on while they are there; nothing while banned."""
    identity = str(user.pk)
    visit = visits.of(room, identity, "")
    is_banned = visit is not None and visit.state == State.BANNED
    if is_banned and not abilities_of(user, room)[Action.MODERATE].allowed:
        return room.gatherings.none()
    return room.gatherings.all() if is_present(room, identity) else room.gatherings.exclude(ended_at=None)
