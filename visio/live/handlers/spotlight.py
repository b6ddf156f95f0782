"""The spotlight: whom everybody sees large, also who comes later."""

from __future__ import annotations

from visio.attendance.models import Gathering
from visio.live import news
from visio.live.handlers.accounts import sessions_of
from visio.live.models import Spotlight
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.models import Room


def greet(here: Seat) -> list[Said]:
    """Tell whom everybody sees large."""
    return [_state(here.room())]


def _state(room: Room) -> Said:
    lit = Spotlight.objects.filter(gathering__room=room, gathering__ended_at=None).first()
    return {"type": "stage.state", "spotlight": lit.identity if lit else ""}


def light(here: Seat, said: Said) -> None:
    """Put one person in everybody's spotlight, or nobody."""
    room, _host = here.moderator()
    gathering, identity = Gathering.objects.current(room), said.get("identity")
    if gathering is None:
        raise MessageError(Code.NOBODY)
    if identity:
        sessions_of(room, identity)
        Spotlight.objects.update_or_create(gathering=gathering, defaults={"identity": identity})
    else:
        Spotlight.objects.filter(gathering=gathering).delete()
    news.say(room.pk, _state(room))


HANDLERS: Handlers = {"stage.spotlight": light}
