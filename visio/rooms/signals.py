"""What this folder tells the others, once it is in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from visio.rooms.models import Room

access_changed = Signal()
"""Sent with `room` when who may enter it, or a member's role, has changed: look again at who is inside.

`identities` are those whom it concerns; without them, everybody.
"""

room_closed = Signal()
"""Sent with `room_id` when a room exists no more: put everybody out."""
who_is_inside = Signal()
"""Asks about a meeting's main `room`: who knows gives the identities of those who take a place in it now."""


def inside(room: Room) -> set[str]:
    """Give the identities of those who take a place in the meeting of `room` now."""
    answers = who_is_inside.send(sender=type(room), room=room.main)
    return {identity for _receiver, identities in answers for identity in identities or ()}
