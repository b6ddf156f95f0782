"""The door: who waits, and what hosts decide about them."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from visio.live import news
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


def admit(here: Seat, said: Said) -> None:
    """Let one in, with a role for good if asked, or everybody."""
    identity, role = said.get("identity"), said.get("role")
    room, host = here.moderator(Action.MANAGE_MEMBERS if role else Action.MODERATE)
    if role and (role not in (Role.MEMBER, Role.HOST) or not identity):
        raise MessageError(Code.MALFORMED)
    settled = Visit.decide(room.main, [identity] if identity else None, State.ADMITTED, host)
    for visit in settled:
        _give_role(room, visit, role)
    _tell(room, settled, {"type": "lobby.admitted"})


def _give_role(room: Room, visit: Visit, role: str | None) -> None:
    """Make somebody a member who is none; who is one keeps their role."""
    if role and visit.user:
        with suppress(AlreadyMemberError):
            room.add_member(visit.user, Role(role))


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
    message = {"type": "lobby.message", "text": text, "from": str(host), "at": timezone.now().isoformat()}
    news.tell_meeting(room.main_id, news.LOBBY_TEXT, message=message)


HANDLERS: Handlers = {
    "lobby.admit": admit,
    "lobby.refuse": refuse,
    "lobby.write": write,
}
