"""Rooms as LiveKit's server API knows them: by which name, made with which key, with what metadata."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from django.conf import settings
from django.db import IntegrityError, transaction

from visio.rooms import slugs
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.signalling.api_tokens import ApiToken
from visio.signalling.errors import BadNameError, TooManyRoomsError
from visio.signalling.models import LiveKitRoom

NAME_MAX = 256
ATTRIBUTES_MAX_BYTES = 16 * 1024
VOUCHED = frozenset({"kind", "organization", "role"})
"""The attributes in which Visio says for whom it vouches."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room with what the outside knows of it, if anything."""

    room: Room
    outside: LiveKitRoom | None

    @property
    def is_peoples(self) -> bool:
        """Say whether people made the room, not an integrator."""
        return self.outside is None or not self.outside.key

    @property
    def name(self) -> str:
        """Give the name by which clients and integrators know the room."""
        return (self.outside.name if self.outside else "") or str(self.room.pk)


def of(room: Room) -> Place:
    """Give a room with what the outside knows of it."""
    return Place(room, LiveKitRoom.objects.select_related("room").filter(room=room).first())


def find(said: ApiToken, name: str) -> Place | None:
    """Give the room that the holder of a token means.

    An integrator's key reaches only the rooms that it made. The service's own key reaches every room, by its id or
    link, too.
    """
    if not is_text(name, NAME_MAX * 4):
        return None
    room = Room.objects.named(name) if said.is_operators else None
    if room is not None:
        return of(room)
    known = LiveKitRoom.objects.select_related("room").filter(key=said.key, name=name).first()
    return Place(known.room, known) if known else None


def make(said: ApiToken, name: str) -> Place:
    """Make the room `name`, without owner or members: only tokens of its integrator open it. Give one that is there.

    Raise `BadNameError` or `TooManyRoomsError`.
    """
    _check_name(said, name)
    slug = name if said.is_operators and slugs.is_slug(name) else slugs.generate()
    if LiveKitRoom.objects.filter(key=said.key).count() >= settings.LIVEKIT_ROOMS_PER_KEY:
        raise TooManyRoomsError
    try:
        with transaction.atomic():
            room = Room(slug=slug, name=name, access_level=AccessLevel.RESTRICTED)
            room.save()
            known = LiveKitRoom.objects.create(room=room, key=said.key, name=name)
    except IntegrityError:
        found = find(said, name)
        if found is None:
            raise
        return found
    return Place(room, known)


def is_text(value: str, max_bytes: int) -> bool:
    """Say whether `value` can be stored and sent, and is not too long; JSON can spell half a sign."""
    try:
        return len(value.encode()) <= max_bytes and "\0" not in value
    except UnicodeEncodeError:
        return False


def are_attributes(values: object) -> TypeGuard[dict[str, str]]:
    """Say whether `values` are attributes that can be stored and sent."""
    if not isinstance(values, dict):
        return False
    texts = [text for pair in values.items() for text in pair]
    return all(isinstance(text, str) for text in texts) and is_text("".join(texts), ATTRIBUTES_MAX_BYTES)


def unvouched(attributes: Mapping[str, str]) -> dict[str, str]:
    """Give the attributes without those in which only Visio speaks."""
    return {key: value for key, value in attributes.items() if key not in VOUCHED}


def _check_name(said: ApiToken, name: str) -> None:
    if not (0 < len(name) <= NAME_MAX and name.isprintable() and is_text(name, NAME_MAX * 4)):
        raise BadNameError("the name of a room has 1 to 256 printable characters")
    if said.is_operators and _is_id(name):
        raise BadNameError("this name has the form of an id, and no room has this id")


def _is_id(name: str) -> bool:
    try:
        uuid.UUID(name)
    except ValueError:
        return False
    return True
