"""The emergency brake: nobody but those who run the room acts any more, and what was there is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from suite.identity.models import User
from visio.live import evidence, news
from visio.live.handlers.people import SOURCES_OF, mutes
from visio.live.handlers.room import tell_state
from visio.live.models import Freeze
from visio.live.seat import Seat
from visio.live.tasks import tell_security
from visio.live.topic import Handlers, Said
from visio.rooms.models import Room
from visio.rooms.signals import access_changed
from visio.signalling import client

ALL_SOURCES = [number for numbers in SOURCES_OF.values() for number in numbers]


def freeze(here: Seat, said: Said) -> None:
    """Freeze the meeting, or let it go on; what is asked for twice is done once."""
    room, host = here.moderator()
    room = room.main
    if Room.objects.filter(pk=room.pk, is_frozen=not said["frozen"]).exists():
        (_freeze if said["frozen"] else _thaw)(here, room, host)


def _freeze(here: Seat, room: Room, host: User) -> None:
    """Close the room first; what was sent is asked for before the orders end it."""
    with transaction.atomic():
        if not Room.objects.filter(pk=room.pk, is_frozen=False).update(is_frozen=True):
            return
        about = {"room": room, "room_name": room.name, "slug": room.slug}
        made = Freeze.objects.create(**about, by=host, by_name=str(host), evidence=evidence.of(room))
        transaction.on_commit(lambda: tell_security.delay(str(made.pk)))
    rooms = room.family()
    described = evidence.described(rooms)
    Freeze.objects.filter(pk=made.pk).update(evidence=evidence.with_tracks(made.evidence, described.values()))
    _tell(here)
    for each in rooms:
        orders = mutes(each, described.get(each.pk), ALL_SOURCES, here.identity)
        client.order_all_now(str(each.pk), orders)


def _thaw(here: Seat, room: Room, host: User) -> None:
    with transaction.atomic():
        Room.objects.filter(pk=room.pk).update(is_frozen=False)
        Freeze.objects.filter(room=room, ended_at=None).update(ended_at=timezone.now(), ended_by_name=str(host))
    _tell(here)


def _tell(here: Seat) -> None:
    """Have rights renewed by the worker, and everybody told."""
    room = here.room().main
    access_changed.send(sender=Room, room=room)
    tell_state(room)
    news.lobby_changed(room)


HANDLERS: Handlers = {"room.freeze": freeze}
