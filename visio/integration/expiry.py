"""The end of integrators' rooms by themselves: nobody came, or everybody has left, and their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from visio.rooms.models import Room
from visio.signalling.models import LiveKitRoom

PRESENT = Q(room__sessions__left_at=None, room__sessions__revoked_at=None, room__sessions__isnull=False)


def end_empty(now: datetime) -> int:
    """Delete the rooms that LiveKit would have forgotten; give how many. Rooms of people stay."""
    made = LiveKitRoom.objects.exclude(key="").select_related("room")
    empty = made.annotate(
        present=Count("room__sessions", filter=PRESENT), last_left_at=Max("room__sessions__left_at")
    ).filter(present=0)
    over = [one.pk for one in empty if now >= _ends_at(one, one.last_left_at)]
    return sum(room.delete()[0] > 0 for room in Room.objects.filter(pk__in=over))


def _ends_at(room: LiveKitRoom, last_left_at: datetime | None) -> datetime:
    if last_left_at is None:
        return room.room.created_at + timedelta(seconds=room.empty_timeout_s)
    return last_left_at + timedelta(seconds=room.departure_timeout_s)
