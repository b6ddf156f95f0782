"""Breakout rooms: a meeting's groups are made, people are spread over them, they open and close."""

from __future__ import annotations

import random
import uuid
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from visio.rooms.models import Room
from visio.rooms.places import Breakouts, Place

COUNT_MIN, COUNT_MAX = 2, 50
MINUTES_MAX = 600
NAME_MAX = 60
NOTICE_S = 30
"""How long before the end people are told, unless the host says otherwise."""
NOTICE_MAX_S = 300
Group = TypeVar("Group", bound=Hashable)


def spread(people: Iterable[str], sizes: Mapping[Group, int], chance: random.Random) -> dict[str, Group]:
    """Give everybody of `people` a group, by chance, each time one of the smallest.

    `sizes` tells how many each group has already: with none of them, sizes differ by one at most. Pure.
    """
    waiting, full = list(people), dict(sizes)
    chance.shuffle(waiting)
    found: dict[str, Group] = {}
    for person in waiting:
        least = min(full.values())
        found[person] = chance.choice([group for group, size in full.items() if size == least])
        full[found[person]] += 1
    return found


def of(room: Room) -> Breakouts | None:
    """Give the breakout rooms of the meeting that `room` belongs to, or nothing when none were made."""
    return Breakouts.objects.select_related("room").filter(room=room.main_id).first()


def groups_of(room: Room) -> list[Room]:
    """Give the groups of the meeting that `room` belongs to, in the order in which they were made."""
    return list(Room.objects.filter(parent=room.main_id).order_by("created_at"))


def make(room: Room, count: int, minutes: int, *, may_choose: bool) -> Breakouts:
    """Make `count` groups instead of those that there were, named in the language of the moment."""
    now = timezone.now()
    with transaction.atomic():
        Room.objects.hold(pk=room.pk)
        former = of(room)
        people = list(former.places.values_list("identity", "name")) if former else []
        _drop(room.pk)
        moved_at = former.moved_at if former else None
        made = Breakouts.objects.create(room=room, minutes=minutes, may_choose=may_choose, moved_at=moved_at)
        put_all(made, [(identity, name, None) for identity, name in people])  # some may still be on the way back
        Room.objects.bulk_create(
            # A microsecond apart, so that their order is that of their numbers.
            Room(
                parent=room, name=_("Group %(number)s") % {"number": one}, created_at=now + timedelta(microseconds=one)
            )
            for one in range(1, count + 1)
        )
    return made


def _drop(room_id: uuid.UUID) -> None:
    Breakouts.objects.filter(room=room_id).delete()
    for group in Room.objects.filter(parent=room_id):
        group.delete()


def put(breakouts: Breakouts, identity: str, name: str, group: Room | None) -> Room | None:
    """Give somebody a place in `group`, or in the main room; give the group in which they had one."""
    with transaction.atomic():
        former = Place.objects.filter(breakouts=breakouts, identity=identity).select_related("group").first()
        given = {"group": group, "name": name[:255], "asked_at": None}
        Place.objects.update_or_create(breakouts=breakouts, identity=identity, defaults=given)
        _note_move(breakouts)
    return former.group if former else None


def _note_move(breakouts: Breakouts) -> None:
    Breakouts.objects.opened().filter(pk=breakouts.pk).update(moved_at=timezone.now())


def put_all(breakouts: Breakouts, places: Iterable[tuple[str, str, Room | None]]) -> None:
    """Give many people (identity, name, group) a place, as `put` does."""
    Place.objects.bulk_create(
        (Place(breakouts=breakouts, identity=one, name=name[:255], group=group) for one, name, group in places),
        update_conflicts=True,
        unique_fields=("breakouts", "identity"),
        update_fields=("name", "group"),
    )
    _note_move(breakouts)


def open_up(breakouts: Breakouts, now: datetime) -> bool:
    """Open the groups; say whether they were closed."""
    ends_at = now + timedelta(minutes=breakouts.minutes) if breakouts.minutes else None
    closed = Breakouts.objects.filter(pk=breakouts.pk, is_open=False)
    return bool(closed.update(is_open=True, ends_at=ends_at, moved_at=now))


def end_at(breakouts: Breakouts, moment: datetime) -> bool:
    """Let the open groups end at `moment`, never later than they would; say whether they are open."""
    opened = Breakouts.objects.opened().filter(pk=breakouts.pk)
    opened.filter(Q(ends_at=None) | Q(ends_at__gt=moment)).update(ends_at=moment)
    return opened.exists()


def shut(room: Room, *, and_return: bool) -> bool:
    """Close the groups of `room` for everybody; say whether they were open and nobody else was faster.

    People `and_return` to the main room, or the meeting is over.
    """
    opened = Breakouts.objects.opened().filter(room=room.pk)
    count = opened.update(is_open=False, ends_at=None, moved_at=timezone.now() if and_return else None)
    Place.objects.filter(breakouts=room.pk).update(asked_at=None)
    return bool(count)


def forget(room_id: uuid.UUID) -> None:
    """Delete the groups of a room in which no meeting goes on."""
    if Room.objects.filter(pk=room_id, began_at=None).exists():
        _drop(room_id)


def has_place(room: Room, identity: str) -> bool:
    """Say whether somebody belongs to the group `room`; about a main room, whether they move between its groups."""
    places = Place.objects.of(identity)
    if room.parent_id:
        return places.filter(group=room).exists()
    return places.filter(breakouts=room.pk).underway().exists()


def placed(room: Room) -> frozenset[str]:
    """Give the identities of all who belong to the group `room`; of no importance in a main room."""
    found = Place.objects.filter(group=room).values_list("identity", flat=True) if room.parent_id else ()
    return frozenset(found)
