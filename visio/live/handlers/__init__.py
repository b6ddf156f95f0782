"""What each message of a browser does: one module a topic, one function a type, called in the database's thread."""

from __future__ import annotations

from visio.live.handlers import (
    agenda,
    attendance,
    bans,
    breakouts,
    chat,
    denials,
    freezing,
    hands,
    lobby,
    people,
    polls,
    rights,
    roles,
    room,
    spotlight,
)
from visio.live.seat import Seat
from visio.live.topic import Greet, Handlers, Said


def ping(_here: Seat, _said: Said) -> None:
    """Do nothing: the socket itself has taken note that its browser is there."""


HANDLERS: Handlers = {
    "ping": ping,
    **lobby.HANDLERS,
    **room.HANDLERS,
    **chat.HANDLERS,
    **people.HANDLERS,
    **bans.HANDLERS,
    **denials.HANDLERS,
    **freezing.HANDLERS,
    **spotlight.HANDLERS,
    **hands.HANDLERS,
    **roles.HANDLERS,
    **polls.HANDLERS,
    **agenda.HANDLERS,
    **breakouts.HANDLERS,
}
"""All but `hello`, with which a socket begins (visio/live/consumers.py)."""

OF_ACCESS: tuple[Greet, ...] = (
    rights.greet,
    bans.greet,
    denials.greet,
    people.greet,
    attendance.greet,
    polls.results,
    breakouts.greet_hosts,
)
"""What depends on the policy, roles and bans: told again when one of them changes."""
GREETINGS: tuple[Greet, ...] = (
    polls.greet,
    *OF_ACCESS,
    lobby.greet,
    spotlight.greet,
    hands.greet,
    agenda.greet,
    breakouts.greet,
)
"""What somebody inside is told after `welcome`, topic by topic: the state that later messages replace."""


def greet_waiting(here: Seat) -> list[Said]:
    """Give what concerns somebody who has just come to the door."""
    return lobby.greet_waiting(here)


def greet(here: Seat) -> list[Said]:
    """Give everything that concerns somebody who has just come in, or back."""
    return [message for topic in GREETINGS for message in topic(here)]


def greet_again(here: Seat) -> list[Said]:
    """Give what may be other now that an access has changed."""
    return [message for topic in OF_ACCESS for message in topic(here)]
