"""Who is behind an identity that a host names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from suite.identity.models import User
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat, person_of
from visio.rooms.abilities import Action, decide
from visio.rooms.models import Room
from visio.signalling.models import Session


def sessions_of(room: Room, identity: str) -> list[Session]:
    """Give the open sessions of somebody in the meeting, its groups too. Raise `MessageError` for nobody."""
    found = list(
        Session.objects.in_meeting(room).filter(identity=identity).revocable().select_related("login__user", "room")
    )
    if not found:
        raise MessageError(Code.NOBODY)
    return found


def session_of(here: Seat, action: Action) -> tuple[Room, Session]:
    """Give the room and the session of somebody in the meeting. Raise `MessageError` with the rule that refuses."""
    room, login = here.room(), here.login()
    session = Session.objects.inside().filter(room=room, identity=here.identity).order_by("-connected_at").first()
    if session is None or not here.is_inside:
        raise MessageError(Code.NOT_ALLOWED, message=_("You are not in the meeting."))
    decision = decide(action, room.facts, person_of(here, room, login))
    if not decision.allowed:
        raise MessageError(Code.NOT_ALLOWED, message=decision.explanation)
    return room, session


def account_of(room: Room, identity: str) -> User:
    """Give the account of somebody inside. Raise `MessageError` for nobody, and for guests."""
    login = sessions_of(room, identity)[0].login
    if login is None:
        raise MessageError(Code.NOT_ALLOWED, message=_("This can only be asked of people who are signed in."))
    return login.user
