"""Those who may not come back: put on the list, shown, and taken off it."""

from __future__ import annotations

from django.db import transaction

from visio.live.handlers.people import expel, removable
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import Action
from visio.rooms.visits import Visit


def greet(here: Seat) -> list[Said]:
    """Tell a host who may not come back."""
    return [{"type": "people.banned", "people": _banned(here)}] if here.is_host else []


def _banned(here: Seat) -> list[Said]:
    return [
        {
            "identity": visit.identity,
            "name": visit.name,
            "at": visit.decided_at and visit.decided_at.isoformat(),
            "by": str(visit.decided_by or ""),
            "lasting": visit.is_for_good,
        }
        for visit in here.room().main.visits.banned()
    ]


def ban(here: Seat, said: Said) -> None:
    """Put somebody out and keep them out, for good or for this meeting: the account, and the browser."""
    lasting = said.get("lasting") is not False
    room, host = here.moderator(Action.MANAGE_MEMBERS if lasting else Action.MODERATE)
    identity = said["identity"]
    found = removable(room, identity)
    devices = [session.device for session in found]
    with transaction.atomic():  # their sockets are looked at when both are done
        expel(room, identity, found)
        Visit.ban(room.main, identity, devices, found[0].rights.name, host, for_good=lasting)


def unban(here: Seat, said: Said) -> None:
    """Let somebody knock again; a ban for good is lifted by those whose role is for good."""
    room, _host = here.moderator()
    visit = room.main.visits.banned().filter(identity=said["identity"]).first()
    if visit is None:
        raise MessageError(Code.NOBODY)
    if visit.is_for_good:
        here.moderator(Action.MANAGE_MEMBERS)
    Visit.lift_ban(room.main, visit.identity)


HANDLERS: Handlers = {
    "people.ban": ban,
    "people.unban": unban,
}
