"""Putting people out of rooms: the session ends in the database first, then its worker is told."""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol import models

from visio import wire
from visio.rooms.models import Room
from visio.signalling import client, sessions, signals
from visio.signalling.models import Ended, Session


def put_out(those: Iterable[Session], reason: Ended) -> int:
    """End `those` sessions for good, at once; give how many there were."""
    ended = sessions.revoke(those, reason)
    for session in ended:
        expel(str(session.room_id), str(session.pk))
    signals.tell((session.room_id, session.identity) for session in ended)
    return len(ended)


def close_for_everybody(room: Room) -> int:
    """End every session in `room`; tickets that were not used yet die too. Give how many sessions there were."""
    ended = sessions.revoke(Session.objects.filter(room=room).revocable(), Ended.ROOM_CLOSED)
    client.order_now(wire.CloseRoom(str(room.pk), models.ROOM_CLOSED))
    signals.tell_all(room.pk)
    return len(ended)


def expel(room: str, session: str) -> None:
    """Have the worker remove a participant."""
    client.order_now(wire.Remove(room, session, models.PARTICIPANT_REMOVED))
