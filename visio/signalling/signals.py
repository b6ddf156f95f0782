"""What this folder tells the others, once it is in the database."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

presence_changed = Signal()
"""Sent with `room_id` and the `identities` of those who have come or gone, or None when it may be everybody."""


def tell(people: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Say of `people`, each with the room, that they have come or gone."""
    rooms: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for room_id, identity in people:
        rooms[room_id].append(identity)
    for room_id, identities in rooms.items():
        _send(room_id, identities)


def tell_all(room_id: uuid.UUID) -> None:
    """Say that everybody may be gone from a room."""
    _send(room_id, None)


def _send(room_id: uuid.UUID, identities: list[str] | None) -> None:
    transaction.on_commit(lambda: presence_changed.send(sender=None, room_id=room_id, identities=identities))
