"""What a host forbids to one person until the meeting is over: the worker takes nothing of it from any client."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visio.live.handlers.accounts import sessions_of
from visio.live.handlers.room import TERMS_OF
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import HOSTS
from visio.rooms.models import Room
from visio.rooms.visits import Visit
from visio.signalling.models import Session

SOURCE_OF = {term: source for source, term in TERMS_OF.items()}


def greet(here: Seat) -> list[Said]:
    """Tell a host what is forbidden to whom."""
    return [{"type": "people.denied", "people": _denied(here.room())}] if here.is_host else []


def _denied(room: Room) -> list[Said]:
    found = room.main.visits.exclude(denied=[]).order_by("identity")
    return [{"identity": one.identity, "sources": [SOURCE_OF[term] for term in one.denied]} for one in found]


def allow(here: Seat, said: Said) -> None:
    """Forbid a source to one person until the meeting is over, or allow it again."""
    room, _host = here.moderator()
    term = TERMS_OF.get(said["source"])
    if term is None:
        raise MessageError(Code.MALFORMED)
    (_allow if said["allowed"] else _deny)(room, said["identity"], term)


def _deny(room: Room, identity: str, term: str) -> None:
    found = sessions_of(room, identity)
    if any(session.rights.attributes.get("role") in HOSTS for session in found):
        raise MessageError(Code.NOT_ALLOWED, message=_("Give this person another role before you forbid them this."))
    if all(session.is_vouched() for session in found):
        raise MessageError(Code.NOT_ALLOWED, message=_("What this person may do is not decided in this room."))
    Visit.deny(room.main, identity, [session.device for session in found], found[0].rights.name, term)


def _allow(room: Room, identity: str, term: str) -> None:
    devices = Session.objects.in_meeting(room).filter(identity=identity).values_list("device", flat=True)
    if not Visit.allow(room.main, {identity, *devices}, term):
        raise MessageError(Code.NOBODY)


HANDLERS: Handlers = {"people.allow": allow}
