"""Breakout rooms: hosts make groups, fill, open and close them; people may choose one and ask for help."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visio.live import groups, news, pace, tasks
from visio.live.protocol import Code, MessageError
from visio.live.seat import Seat
from visio.live.topic import Handlers, Said
from visio.rooms import breakouts, names
from visio.rooms.abilities import HOSTS, Action
from visio.rooms.breakouts import COUNT_MAX, COUNT_MIN, MINUTES_MAX, NAME_MAX, NOTICE_MAX_S, NOTICE_S
from visio.rooms.models import Breakouts, Place, Room
from visio.rooms.signals import access_changed
from visio.rooms.tickets import VOUCHED
from visio.signalling.models import Session

LINE_MAX = 500
CHOICES_MAX = 5
WINDOW_S = 10
"""So many times one person goes to another group, or calls a host, within so many seconds."""
CHANCE = random.SystemRandom()


def greet(here: Seat) -> list[Said]:
    """Tell of the groups, and to which of them this person belongs."""
    room = here.room()
    found = breakouts.of(room)
    group = groups.group_of(found, here.identity) if found and found.is_open else None
    return [groups.state(found), groups.mine(room.main, group)]


def greet_hosts(here: Seat) -> list[Said]:
    """Tell a host who belongs where."""
    room = here.room()
    return [groups.people(room)] if here.is_host and breakouts.of(room) else []


def make(here: Seat, said: Said) -> None:
    """Make groups instead of those that there were; nobody has a place in them yet."""
    main = here.moderator()[0].main
    minutes = said.get("minutes") or 0
    if not COUNT_MIN <= said["count"] <= COUNT_MAX or not 0 <= minutes <= MINUTES_MAX:
        text = _("A meeting has %(least)s to %(most)s groups, for %(minutes)s minutes at most.")
        limits = {"least": COUNT_MIN, "most": COUNT_MAX, "minutes": MINUTES_MAX}
        raise MessageError(Code.MALFORMED, message=text % limits)
    here.gathering()
    found = breakouts.of(main)
    if found and found.is_open:
        raise _open_already()
    breakouts.make(main, said["count"], minutes, may_choose=said["choosing"])
    groups.tell_state(main)
    groups.tell_people(main)


def rename(here: Seat, said: Said) -> None:
    """Give a group another name."""
    main, _found = _made(here)
    name = names.clean(said["name"], NAME_MAX)
    if not name:
        raise MessageError(Code.MALFORMED, message=_("Give the group a name."))
    Room.objects.filter(pk=_group(main, said["group"]).pk).update(name=name)
    groups.tell_state(main)


def place(here: Seat, said: Said) -> None:
    """Give somebody a place in a group, or in the main room; in open groups they move at once."""
    main, found = _made(here)
    identity = said["identity"]
    group = _group(main, said["group"]) if said.get("group") else None
    _move(main, found, (identity, _name_of(main, identity)), group)


def spread(here: Seat, _said: Said) -> None:
    """Spread everybody who has no place and does not run the room over the groups, by chance and evenly."""
    main, found = _made(here)
    there = {group.pk: group for group in breakouts.groups_of(main)}
    taken = list(Place.objects.in_groups().filter(breakouts=found).values_list("identity", "group"))
    sizes = {pk: sum(1 for _identity, group in taken if group == pk) for pk in there}
    waiting = _without_place(main, {identity for identity, _group in taken})
    places = {who: there[pk] for who, pk in breakouts.spread(waiting, sizes, CHANCE).items()}
    breakouts.put_all(found, [(who, waiting[who], group) for who, group in places.items()])
    if Breakouts.objects.opened().filter(pk=found.pk).exists():
        groups.tell_places(main, places)
    groups.tell_people(main)


def _without_place(main: Room, taken: set[str]) -> dict[str, str]:
    """Give the names, by identity, of those who are to be spread: no hosts, no programs."""
    inside = Session.objects.inside().in_meeting(main).filter(grant__hidden=False).exclude(via__in=VOUCHED)
    found = {one.identity: one.rights for one in inside if one.identity not in taken}
    return {who: rights.name or who for who, rights in found.items() if rights.attributes.get("role") not in HOSTS}


def open_up(here: Seat, _said: Said) -> None:
    """Open the groups: everybody with a place moves there."""
    main, found = _made(here)
    if not breakouts.open_up(found, timezone.now()):
        raise _open_already()
    found.refresh_from_db()
    groups.tell_state(main)
    there = {group.pk: group for group in breakouts.groups_of(main)}
    places = Place.objects.in_groups().filter(breakouts=found).values_list("identity", "group")
    groups.tell_places(main, {identity: there[group] for identity, group in places})
    groups.tell_people(main)
    if found.ends_at:
        _end(found.ends_at)


def choose(here: Seat, said: Said) -> None:
    """Go to another group, or to the main room: hosts as they like, others where they may choose."""
    room, session = here.writer(Action.REACT)
    main, found, is_host = room.main, _opened(room), here.runs_now()
    if not found.may_choose and not is_host:
        raise MessageError(Code.NOT_ALLOWED, message=_("The hosts of this meeting decide who is in which group."))
    group = _group(main, said["group"]) if said.get("group") else None
    _keep_pace(main, here)
    if is_host and group:
        Place.objects.filter(group=group).update(asked_at=None)
    _move(main, found, (here.identity, session.rights.name), group)


def say(here: Seat, said: Said) -> None:
    """Say a line to everybody, in whatever group they are, in the host's name."""
    _room, host = here.moderator()
    main, _found = _made(here)
    text = names.clean(said["text"], LINE_MAX)
    if not text:
        raise MessageError(Code.MALFORMED)
    line = {"type": "breakouts.said", "text": text, "from": str(host), "at": timezone.now().isoformat()}
    news.say_meeting(main.pk, line)


def ask_help(here: Seat, _said: Said) -> None:
    """Call a host to one's group."""
    room, _session = here.writer(Action.REACT)
    _opened(room)
    mine = Place.objects.of(here.identity).filter(group=room)
    if not mine.exists():
        raise MessageError(Code.NOT_ALLOWED, message=_("You are in no group."))
    _keep_pace(room.main, here)
    if mine.filter(asked_at=None).update(asked_at=timezone.now()):
        groups.tell_people(room.main)


def helped(here: Seat, said: Said) -> None:
    """Note that somebody who asked for help has got it."""
    main, found = _made(here)
    asked = Place.objects.of(said["identity"]).in_groups().filter(breakouts=found)
    if not asked.update(asked_at=None):
        raise MessageError(Code.NOBODY)
    groups.tell_people(main)


def close(here: Seat, said: Said) -> None:
    """Bring everybody back after some seconds of notice, or at once."""
    main, found = _made(here)
    given = said.get("seconds")
    notice_s = NOTICE_S if given is None else given
    if not 0 <= notice_s <= NOTICE_MAX_S:
        raise MessageError(Code.MALFORMED, message=_("Give %(most)s seconds at most.") % {"most": NOTICE_MAX_S})
    moment = timezone.now() + timedelta(seconds=notice_s)
    if not breakouts.end_at(found, moment):
        raise _closed_already()
    if notice_s == 0:
        groups.finish(main)
        return
    groups.tell_state(main)
    _end(moment)


def _keep_pace(main: Room, here: Seat) -> None:
    """Raise `MessageError` for somebody who does that too often."""
    if not pace.keeps("breakouts", main, here.identity, most=CHOICES_MAX, window_s=WINDOW_S):
        raise MessageError(Code.SLOW_DOWN, message=_("Please wait a moment before you do this again."))


def _end(moment: datetime) -> None:
    """Have everybody brought back at that moment, whatever becomes of this process."""
    transaction.on_commit(lambda: tasks.end_breakouts.apply_async(eta=moment))


def _move(main: Room, found: Breakouts, who: tuple[str, str], group: Room | None) -> None:
    """Give somebody (identity, name) another place, and have them move when the groups are open."""
    former = breakouts.put(found, *who, group)
    groups.tell_people(main)
    if not Breakouts.objects.opened().filter(pk=found.pk).exists():
        return
    news.say_meeting(main.pk, groups.mine(main, group), identities=[who[0]])
    if former is not None and former != group:
        access_changed.send(sender=Place, room=former)


def _made(here: Seat) -> tuple[Room, Breakouts]:
    """Give the main room and its groups to somebody who runs it. Raise `MessageError` with what refuses it."""
    main = here.moderator()[0].main
    found = breakouts.of(main)
    if found is None:
        raise MessageError(Code.GONE, message=_("There are no groups in this meeting."))
    return main, found


def _opened(room: Room) -> Breakouts:
    """Give the open groups of the meeting. Raise `MessageError` unless they are open."""
    found = breakouts.of(room)
    if found is None or not found.is_open:
        raise _closed_already()
    return found


def _open_already() -> MessageError:
    return MessageError(Code.NOT_ALLOWED, message=_("The groups are open. Bring everybody back first."))


def _closed_already() -> MessageError:
    return MessageError(Code.NOT_ALLOWED, message=_("The groups of this meeting are closed."))


def _group(main: Room, text: str) -> Room:
    """Give a group of this meeting. Raise `MessageError` when there is none with this id."""
    try:
        return main.groups.get(pk=uuid.UUID(text))
    except (ValueError, Room.DoesNotExist) as error:
        raise MessageError(Code.GONE, message=_("This group is not there any more.")) from error


def _name_of(main: Room, identity: str) -> str:
    """Give the name of somebody in the meeting. Raise `MessageError` for nobody."""
    session = Session.objects.inside().in_meeting(main).filter(identity=identity).first()
    if session is not None:
        return session.rights.name or identity
    known = Place.objects.of(identity).filter(breakouts=main.pk).first()
    if known is None:
        raise MessageError(Code.NOBODY)
    return known.name


HANDLERS: Handlers = {
    "breakouts.make": make,
    "breakouts.name": rename,
    "breakouts.place": place,
    "breakouts.spread": spread,
    "breakouts.open": open_up,
    "breakouts.choose": choose,
    "breakouts.say": say,
    "breakouts.help": ask_help,
    "breakouts.helped": helped,
    "breakouts.close": close,
}
