"""The room as a whole: locked, closed, and who may use what."""

from __future__ import annotations

from visio.live import news
from visio.live.handlers.accounts import account_of
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat, person_of, state_of
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import Action
from visio.rooms.errors import RoomsError
from visio.rooms.models import Room
from visio.rooms.roles import Audience
from visio.signalling.removal import close_for_everybody

TERMS_OF = {"microphone": "microphone", "camera": "camera", "screen_share": "screen", "chat": "chat"}


def lock(here: Seat, said: Said) -> None:
    """Lock the room until the meeting is over, or open it again; those inside stay."""
    room, _host = here.moderator()
    Room.objects.filter(pk=room.main_id).update(is_locked=said["locked"])
    tell_state(here.room())
    if not said["locked"]:
        news.recheck_waiting(room.main_id)


def tell_state(room: Room) -> None:
    """Tell everybody in the meeting whether the room is locked or frozen."""
    news.say_meeting(room.main_id, {"type": "room.state", **state_of(room)})


def close(here: Seat, _said: Said) -> None:
    """End the meeting for everybody."""
    room, _host = here.moderator()
    close_for_everybody(room.main)


def allow(here: Seat, said: Said) -> None:
    """Say who may use a source, for everybody at once; the worker enforces it.

    What a co-host says of it ends with the meeting.
    """
    room, _host = here.moderator()
    if said["source"] not in TERMS_OF or said["audience"] not in Audience:
        raise MessageError(Code.MALFORMED)
    term, audience = TERMS_OF[said["source"]], said["audience"]
    if person_of(here, room, here.login()).has_role_for_now:
        room.main.change_for_now(term, audience)
    else:
        room.main.change(terms={term: audience})


def transfer(here: Seat, said: Said) -> None:
    """Make somebody else the owner; who was it stays a host."""
    room, owner = here.moderator(Action.MANAGE_OWNERS)
    heir = account_of(room, said["identity"])
    try:
        room.transfer(owner, heir)
    except RoomsError as error:
        raise MessageError(Code.NOT_ALLOWED, message=error.message) from error


HANDLERS: Handlers = {
    "room.lock": lock,
    "room.close": close,
    "room.transfer": transfer,
    "sources.allow": allow,
}
