"""Putting people out of rooms: the session ends in the database first, then its worker is told."""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol import models

from visio import wire
from visio.rooms import breakouts
from visio.rooms.models import Room
from visio.signalling import client, sessions, signals
from visio.signalling.models import Ended, Session


def put_out(those: Iterable[Session], reason: Ended) -> int:
    """End `those` sessions for good, at once; give how many there were."""
    ended = sessions.revoke(those, reason)
    told = models.MIGRATION if reason is Ended.MOVED else models.PARTICIPANT_REMOVED
    for session in ended:
        expel(str(session.room_id), str(session.pk), told)
    signals.tell((session.room_id, session.identity) for session in ended)
    return len(ended)


def close_for_everybody(room: Room) -> int:
    """End every session in `room` and in the groups of its meeting; tickets that were not used yet die too.

    Give how many sessions there were.
    """
    breakouts.shut(room, and_return=False)
    return sum(_empty(each, models.ROOM_CLOSED) for each in room.family())


def bring_back(room: Room) -> int:
    """End every session in the groups of the meeting in `room`; give how many there were."""
    return sum(_empty(group, models.MIGRATION) for group in room.groups.all())


def _empty(room: Room, reason: models.DisconnectReason) -> int:
    ended = sessions.revoke(Session.objects.filter(room=room).revocable(), Ended.ROOM_CLOSED)
    client.order_now(wire.CloseRoom(str(room.pk), reason))
    signals.tell_all(room.pk)
    return len(ended)


def expel(room: str, session: str, reason: models.DisconnectReason = models.PARTICIPANT_REMOVED) -> None:
    """Have the worker remove a participant."""
    client.order_now(wire.Remove(room, session, reason))
