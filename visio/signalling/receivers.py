"""What happens to people in rooms when somebody signs out, loses a right, or a room is deleted: they leave at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.dispatch import receiver
from livekit.protocol import models

from suite.identity.models import Login
from suite.identity.signals import login_ended, login_strengthened
from visio import wire
from visio.rooms.models import Room
from visio.rooms.signals import access_changed, room_closed, who_is_inside
from visio.signalling import client, rights, sessions
from visio.signalling.models import Ended, Session
from visio.signalling.removal import put_out


@receiver(login_ended)
def end_sessions_of_login(login: Login, **_: Any) -> None:
    """Put out who signed out."""
    put_out(Session.objects.filter(login=login).revocable(), Ended.SIGNED_OUT)


@receiver(login_strengthened)
def show_new_card(login: Login, **_: Any) -> None:
    """Show everybody who is in a room with somebody what has been proved of them."""
    for room in Room.objects.filter(sessions__in=Session.objects.filter(login=login).revocable()).distinct():
        access_changed.send(sender=Login, room=room)


@receiver(access_changed)
def look_again(room: Room, **_: Any) -> None:
    """Put out who may not be in `room`, or a group of it, any more; give the others the rights that they have by now.

    Who may not be in a group is sent to the main room, where it is decided whether they stay in the meeting.
    """
    for each in room.family():
        put_out(sessions.outlawed(each), Ended.MOVED if each.parent_id else Ended.NOT_ALLOWED)
        rights.renew(each)


@receiver(who_is_inside)
def name_those_inside(room: Room, **_: Any) -> set[str]:
    """Give the identities of those who are in the meeting of `room`."""
    inside = Session.objects.inside().in_meeting(room).filter(grant__hidden=False)
    return set(inside.values_list("identity", flat=True))


@receiver(room_closed)
def empty_room(room_id: uuid.UUID, **_: Any) -> None:
    """Put everybody out of a room that exists no more; its sessions went with it."""
    client.order_now(wire.CloseRoom(str(room_id), models.ROOM_DELETED))
