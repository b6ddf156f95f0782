"""Raised hands, and reactions that are shown for a moment and not kept."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from visio.attendance.models import Gathering
from visio.live import news, pace
from visio.live.handlers.accounts import session_of
from visio.live.models import Hand
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms.abilities import Action
from visio.rooms.models import Room
from visio.signalling.models import Session

REACTIONS = ("yes", "clap", "heart", "laugh", "wonder", "celebrate")
REACTIONS_MAX = 5
HANDS_MAX = 10
WINDOW_S = 10
"""So many reactions, and times to raise or lower a hand, of one person within so many seconds."""


def greet(here: Seat) -> list[Said]:
    """Tell whose hands are raised."""
    return [_state(here.room())]


def _state(room: Room) -> Said:
    inside = set(Session.objects.inside().filter(room=room).values_list("identity", flat=True))
    raised = Hand.objects.raised().filter(gathering__room=room, gathering__ended_at=None)
    hands = [
        {"identity": hand.identity, "name": hand.name, "at": hand.raised_at and hand.raised_at.isoformat()}
        | {"spoke": hand.turns > 0}
        for hand in raised
        if hand.identity in inside
    ]
    return {"type": "hand.list", "hands": hands}


def raise_hand(here: Seat, _said: Said) -> None:
    """Raise one's own hand; it keeps its place when it is up already."""
    room, session = session_of(here, Action.REACT)
    _keep_pace(room, here)
    Hand.raise_up(_gathering(room), here.identity, session.rights.name)
    news.say_state(room.pk, _state(room))


def lower(here: Seat, said: Said) -> None:
    """Lower one's own hand, or, for hosts, that of somebody else."""
    identity = said.get("identity") or here.identity
    is_own = identity == here.identity
    room = session_of(here, Action.ENTER)[0] if is_own else here.moderator()[0]
    if is_own:
        _keep_pace(room, here)
    Hand.objects.filter(gathering=_gathering(room), identity=identity).update(raised_at=None)
    news.say_state(room.pk, _state(room))


def _keep_pace(room: Room, here: Seat) -> None:
    """Raise `MessageError` for a hand that goes up and down too often."""
    if not pace.keeps("hand", room, here.identity, most=HANDS_MAX, window_s=WINDOW_S):
        raise MessageError(Code.SLOW_DOWN, message=_("Please wait a moment before you do this again."))


def clear(here: Seat, _said: Said) -> None:
    """Lower all hands."""
    room, _host = here.moderator()
    Hand.objects.filter(gathering=_gathering(room)).update(raised_at=None)
    news.say_state(room.pk, _state(room))


def give_floor(here: Seat, said: Said) -> None:
    """Let somebody speak whose hand is raised: it is lowered, they have spoken from now on, and are asked to unmute."""
    room, host = here.moderator()
    if not Hand.give_floor(_gathering(room), said["identity"]):
        raise MessageError(Code.NOBODY)
    news.say_state(room.pk, _state(room))
    asked = {"type": "people.asked", "source": "microphone", "from": str(host), "identity": here.identity}
    news.say(room.pk, {**asked, "at": timezone.now().isoformat()}, identities=[said["identity"]])


def react(here: Seat, said: Said) -> None:
    """Show a reaction to everybody."""
    if said["reaction"] not in REACTIONS:
        raise MessageError(Code.MALFORMED)
    room, session = session_of(here, Action.REACT)
    if not pace.keeps("reaction", room, here.identity, most=REACTIONS_MAX, window_s=WINDOW_S):
        raise MessageError(Code.NOT_ALLOWED, message=_("Please wait a moment before you react again."))
    about = {"identity": here.identity, "name": session.rights.name, "reaction": said["reaction"]}
    news.say(room.pk, {"type": "reaction.shown", **about})


def _gathering(room: Room) -> Gathering:
    """Give the gathering that goes on. Raise `MessageError` while there is none."""
    gathering = Gathering.objects.current(room)
    if gathering is None:
        raise MessageError(Code.NOBODY)
    return gathering


HANDLERS: Handlers = {
    "hand.raise": raise_hand,
    "hand.lower": lower,
    "hand.clear": clear,
    "hand.give": give_floor,
    "reaction.send": react,
}
