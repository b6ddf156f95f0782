"""The door: who waits, and what hosts decide about them."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from django.utils.translation import gettext as _

from suite.identity.models import User
from visio.live import news
from visio.live.models import LobbyText
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms import names
from visio.rooms.abilities import Action
from visio.rooms.errors import AlreadyMemberError
from visio.rooms.models import Room
from visio.rooms.roles import Role
from visio.rooms.visits import State, Visit


def greet(here: Seat) -> list[Said]:
    """Tell a host who waits."""
    return [{"type": "lobby.people", "people": news.lobby(here.room())["people"]}] if here.is_host else []


def greet_waiting(here: Seat) -> list[Said]:
    """Tell somebody who waits what a host wrote last to those who wait."""
    return [_written(last) for last in LobbyText.objects.filter(room=here.room().main_id)]


def admit(here: Seat, said: Said) -> None:
    """Let one in, with a role if asked, for the meeting or for good, or everybody."""
    identity, role, lasting = said.get("identity"), said.get("role"), said.get("lasting") is not False
    room, host = here.moderator(Action.MANAGE_MEMBERS if role and lasting else Action.MODERATE)
    if role:
        _check_role(room, identity, role)
    settled = Visit.decide(room.main, [identity] if identity else None, State.ADMITTED, host)
    for visit in settled:
        if role and visit.user:
            _give_role(room.main, visit.user, Role(role), None if lasting else host)
    _tell(room, settled, {"type": "lobby.admitted"})


def _check_role(room: Room, identity: str | None, role: str) -> None:
    """Raise `MessageError` unless one person who waits can have this role: nobody knows who a guest is next time."""
    if role not in (Role.MEMBER, Role.HOST) or not identity:
        raise MessageError(Code.MALFORMED)
    if room.main.visits.filter(identity=identity, user=None).exists():
        raise MessageError(Code.NOT_ALLOWED, message=_("A guest has no role. Let them in without one."))


def _give_role(room: Room, user: User, role: Role, for_now_by: User | None) -> None:
    """Give a role for the meeting, or make somebody a member who is none; who is one keeps their role."""
    if for_now_by:
        Visit.give_role(room, user, role, for_now_by)
        return
    with suppress(AlreadyMemberError):
        room.add_member(user, role)


def refuse(here: Seat, said: Said) -> None:
    """Refuse one, or everybody."""
    room, host = here.moderator()
    identity = said.get("identity")
    settled = Visit.decide(room.main, [identity] if identity else None, State.REFUSED, host)
    _tell(room, settled, {"type": "lobby.refused"})


def _tell(room: Room, settled: list[Visit], message: Said) -> None:
    if settled:
        news.tell(room.main_id, news.DECIDED, identities=[visit.identity for visit in settled], message=message)
    news.lobby_changed(room)


def write(here: Seat, said: Said) -> None:
    """Write to those who wait, in the host's name."""
    room, host = here.moderator()
    text = names.clean(said["text"], 500)
    if not text:
        raise MessageError(Code.MALFORMED)
    given = {"text": text, "by_name": str(host)[:255], "at": timezone.now()}
    written, _is_new = LobbyText.objects.update_or_create(room=room.main, defaults=given)
    news.tell_meeting(room.main_id, news.LOBBY_TEXT, message=_written(written))


def _written(last: LobbyText) -> Said:
    return {"type": "lobby.message", "text": last.text, "from": last.by_name, "at": last.at.isoformat()}


HANDLERS: Handlers = {
    "lobby.admit": admit,
    "lobby.refuse": refuse,
    "lobby.write": write,
}
