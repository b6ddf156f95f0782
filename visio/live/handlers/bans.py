"""Those who may not come back: put on the list, shown, and taken off it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from visio.live import news
from visio.live.handlers.people import expel, removable
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import HOSTS, Action
from visio.rooms.models import Room
from visio.rooms.visits import Visit
from visio.signalling.models import Session


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
    """Keep somebody out, for good or for this meeting: the account, and the browser.

    Whether they are in the meeting, wait at its door, or have left it.
    """
    lasting = said.get("lasting") is not False
    room, host = here.moderator(Action.MANAGE_MEMBERS if lasting else Action.MODERATE)
    identity = said["identity"]
    here_now = Session.objects.in_meeting(room).filter(identity=identity).revocable()
    found = removable(room, identity) if here_now.exists() else []
    name, devices = _known(room, identity)
    with transaction.atomic():  # their sockets are looked at when both are done
        expel(room, identity, found)
        Visit.ban(room.main, identity, devices, name, host, for_good=lasting)
    news.lobby_changed(room)


def _known(room: Room, identity: str) -> tuple[str, set[str]]:
    """Give the name and the browsers of somebody who is or was here. Raise `MessageError` for nobody, and for hosts."""
    visit = room.main.visits.filter(identity=identity).first()
    sessions = list(Session.objects.in_meeting(room).filter(identity=identity).order_by("-opened_at"))
    if not sessions and visit is None:
        raise MessageError(Code.NOBODY)
    if {str(user): role for user, role in room.roles().items()}.get(identity) in HOSTS:
        raise MessageError(Code.NOT_ALLOWED, message=_("Give this person another role before you put them out."))
    name = sessions[0].rights.name if sessions else visit.name if visit else identity
    return name, {session.device for session in sessions}


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
