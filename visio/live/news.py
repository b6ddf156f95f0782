"""What all sockets of a room are told, over the channel layer; each socket keeps what is meant for it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from visio.rooms.abilities import HOSTS
from visio.rooms.models import Room
from visio.signalling.models import Session

LOBBY, DECIDED, LOBBY_TEXT, SAID, RECORDED, MEND, RECHECK = (
    "live.lobby",
    "live.decided",
    "live.lobby_text",
    "live.said",
    "live.recorded",
    "live.mend",
    "live.recheck",
)
QUICK = frozenset({DECIDED, LOBBY_TEXT, SAID, RECORDED})
"""What a socket only passes on, without a look into the database."""


def group(room_id: uuid.UUID | str) -> str:
    """Name the group of a room's sockets."""
    return f"live.{room_id}"


def groups_group(main_id: uuid.UUID | str) -> str:
    """Name the group of the sockets in all groups of a meeting, beside those of its main room."""
    return f"{group(main_id)}.groups"


def recheck(room_id: uuid.UUID | str, identities: Iterable[str] | None, *, hosts: bool = False) -> None:
    """Have the sockets of these people looked at, and the hosts' if asked, or all of the room's one after the other."""
    if identities is None:
        tell(room_id, RECHECK, in_turn=True)
    else:
        tell(room_id, RECHECK, identities=sorted(set(identities)), hosts=hosts)


def recheck_waiting(main_id: uuid.UUID | str) -> None:
    """Have the sockets looked at of those who wait at the door."""
    tell(main_id, RECHECK, in_turn=True, waiting=True)


def tell(room_id: uuid.UUID | str, kind: str, **what: Any) -> None:
    """Tell the sockets of a room."""
    async_to_sync(get_channel_layer().group_send)(group(room_id), {"type": kind, **what})


def tell_meeting(main_id: uuid.UUID | str, kind: str, **what: Any) -> None:
    """Tell the sockets of a main room and of the groups of its meeting."""
    for name in (group(main_id), groups_group(main_id)):
        async_to_sync(get_channel_layer().group_send)(name, {"type": kind, **what})


def say_meeting(
    main_id: uuid.UUID | str,
    message: dict[str, Any],
    *,
    hosts: bool = False,
    identities: Iterable[str] | None = None,
) -> None:
    """Send `message` to all who are inside a main room or a group of its meeting, or to some as `say` does."""
    to = None if identities is None else list(identities)
    tell_meeting(main_id, SAID, text=json.dumps(message), hosts=hosts, identities=to)


def say(
    room_id: uuid.UUID | str, message: dict[str, Any], *, hosts: bool = False, identities: Iterable[str] | None = None
) -> None:
    """Send `message` to all who are inside, or to the hosts or the people of these identities among them."""
    to = None if identities is None else list(identities)
    tell(room_id, SAID, text=json.dumps(message), hosts=hosts, identities=to)


def say_state(room_id: uuid.UUID | str, message: dict[str, Any], about: str = "", *, hosts: bool = False) -> None:
    """Send what replaces the same message `about` the same; of several in a short time only the last is told."""
    text, latest = json.dumps(message), f"{message['type']} {about}"
    tell(room_id, SAID, text=text, hosts=hosts, identities=None, latest=latest)


def record(room_id: uuid.UUID | str, message: dict[str, Any], identities: Iterable[str] | None = None) -> None:
    """Send what belongs to the room's history, with its `seq`, to all who are present or to these among them.

    Every number goes to every socket, so that each knows when one is missing.
    """
    to = None if identities is None else list(identities)
    tell(room_id, RECORDED, seq=message["seq"], text=json.dumps(message), identities=to)


def lobby_changed(room: Room) -> None:
    """Have hosts told who waits, and those who wait their position; each process reads that once for all (`READ`)."""
    tell_meeting(room.main_id, LOBBY, main=str(room.main_id), latest=LOBBY)


def lobby(room: Room) -> dict[str, Any]:
    """Give those who wait, first come first, and whether somebody inside can let them in."""
    people = [
        {"identity": visit.identity, "name": visit.name, "card": visit.card, "asked_at": visit.asked_at.isoformat()}
        for visit in room.main.visits.waiting()
    ]
    hosts = Session.objects.inside().in_meeting(room).filter(grant__attributes__role__in=[str(role) for role in HOSTS])
    return {"people": people, "told": hosts.exists()}


def _lobby_now(message: dict[str, Any]) -> dict[str, Any]:
    room = Room.objects.filter(pk=message["main"]).first()
    found: dict[str, Any] = lobby(room) if room else {"people": [], "told": False}
    positions = {person["identity"]: number for number, person in enumerate(found["people"], start=1)}
    return {**message, **found, "positions": positions}


READ = {LOBBY: _lobby_now}
"""What a process reads from the database before it tells its sockets, by type of message."""
