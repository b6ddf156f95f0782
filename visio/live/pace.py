"""How often one person may do something that everybody is told of."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from visio.rooms.models import Room


def keeps(what: str, room: Room, identity: str, *, most: int, window_s: int) -> bool:
    """Count one more `what` of somebody in `room`; say whether it is one of the `most` within the window."""
    key = f"{what}:" + hashlib.sha256(f"{room.pk} {identity}".encode()).hexdigest()[:32]
    cache.add(key, 0, window_s)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the window ended between the two calls
        return True
