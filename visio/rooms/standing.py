"""What holds in a room today: gathers what the service, its organisation and the room itself ask of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from suite.env import SettingError
from visio.rooms import organizations, policy, terms
from visio.rooms.abilities import RoomFacts
from visio.rooms.policy import Layer, Level, Policy, Source
from visio.rooms.roles import AccessLevel, EncryptionMode, Sensitivity
from visio.rooms.terms import Terms

if TYPE_CHECKING:
    from visio.rooms.models import OrganizationPolicy, Room

PACKS = {Sensitivity.SENSITIVE: "ROOM_POLICY_SENSITIVE", Sensitivity.RESTRICTED: "ROOM_POLICY_RESTRICTED"}


def facts_of(room: Room) -> RoomFacts:
    """Give what decisions about `room` rest on at this moment; for a group that is what holds in the main room."""
    main = room.main
    return RoomFacts(
        policy_of(main),
        timezone.localtime(),
        main.began_at,
        main.is_locked,
        main.is_frozen,
        is_group=room.parent_id is not None,
        is_open=room.is_open_group,
    )


def chat_days(room: Room, found: Policy) -> int:
    """Give how many days after the meeting a chat is kept under the policy `found` of `room`; 0: it ends with it."""
    asked = room.main.terms.get("chat_days") is not None
    return (found.terms.chat_days or 0) if asked else 0


def policy_of(room: Room) -> Policy:
    """Give the policy that holds in `room`."""
    own = replace(
        terms.read({**room.terms, **room.terms_for_now}),
        access_level=AccessLevel(room.access_level),
        sensitivity=Sensitivity(room.sensitivity),
        passcode=bool(room.passcode) or None,
        encryption_mode=EncryptionMode.BASIC if room.encryption_mode == EncryptionMode.BASIC else None,
    )
    rows = organizations.rows(room.siret)
    return policy.settle([*layers_above(rows, class_of(room, rows)), Layer(policy.OWN, own)])


def class_of(room: Room, rows: Iterable[OrganizationPolicy]) -> Sensitivity:
    """Give the class that the room has, or the least one that a level above asks of all its rooms."""
    asked = [setting("ROOM_POLICY"), *(terms.read(row.terms) for row in rows if not row.sensitivity)]
    found = Sensitivity(room.sensitivity)
    for level in asked:
        found = terms.tightened("sensitivity", found, level.sensitivity)
    return found


def layers_above(rows: Iterable[OrganizationPolicy], sensitivity: Sensitivity) -> Iterator[Layer]:
    """Give what the service and the `rows` of an organisation ask of rooms of this class."""
    contact = settings.ROOM_POLICY_CONTACT
    yield Layer(Source(Level.INSTANCE, contact=contact), setting("ROOM_POLICY"))
    if sensitivity in PACKS:
        yield Layer(Source(Level.INSTANCE, contact=contact, sensitivity=sensitivity), setting(PACKS[sensitivity]))
    yield from organizations.layers(rows, sensitivity)


def setting(name: str) -> Terms:
    """Give the terms that the setting `name` holds. Raise `SettingError` when it cannot be read."""
    text: Any = getattr(settings, name)
    try:
        return terms.read(json.loads(text or "{}"))
    except ValueError as error:
        raise SettingError(f"{name} must be a JSON object of terms (docs/policy.md): {error}.") from error


def check_settings() -> None:
    """Raise `SettingError` when the service's own policy cannot be read."""
    for name in ("ROOM_POLICY", *PACKS.values()):
        setting(name)
