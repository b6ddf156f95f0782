"""Roles given in the call: a host or a member, for this meeting or for good."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visio.live.handlers.accounts import account_of
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import Action
from visio.rooms.errors import RoomsError
from visio.rooms.roles import Role
from visio.rooms.visits import Visit


def give(here: Seat, said: Said) -> None:
    """Give somebody a role; a host for this meeting only is a co-host."""
    if said["role"] not in (Role.MEMBER, Role.HOST):
        raise MessageError(Code.MALFORMED)
    room, host = here.moderator(Action.MANAGE_MEMBERS if said["lasting"] else Action.MODERATE)
    user, role = account_of(room, said["identity"]), Role(said["role"])
    if room.role_of(user) == Role.OWNER:
        if not said["lasting"]:
            raise MessageError(Code.NOT_ALLOWED, message=_("An owner stays an owner during the meeting."))
        here.moderator(Action.MANAGE_OWNERS)
    if not said["lasting"]:
        Visit.give_role(room.main, user, role, host)
        return
    Visit.end_role(room, user)
    try:
        room.give_role(user, role)
    except RoomsError as error:
        raise MessageError(Code.NOT_ALLOWED, message=error.message) from error


HANDLERS: Handlers = {"people.role": give}
