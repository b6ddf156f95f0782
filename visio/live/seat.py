"""Whose socket it is: the room, the person, and whether they are inside or at the door. Read anew for every message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from suite.identity import logins
from suite.identity.models import Login, User
from visio.attendance.models import Gathering
from visio.live.protocol import Close, Code, MessageError
from visio.rooms import entry, guests, visits
from visio.rooms.abilities import Action, Person, decide
from visio.rooms.models import Room
from visio.rooms.visits import UNSEEN_MAX, State, Visit, VisitQuerySet
from visio.signalling.models import Session

ORIGIN_SALT = "visio.live.origin"


@dataclass(frozen=True, slots=True)
class Seat:
    """One socket's place: `identity` is what others see, `session_key` and `guest` are the browser's secrets."""

    slug: str
    identity: str = ""
    name: str = ""
    session_key: str = ""
    guest: str = ""
    origin: str = ""
    """A keyed hash of the address."""
    is_inside: bool = False
    is_host: bool = False
    is_present: bool = False
    """In the media room as well, so that the others see that they are there."""
    is_member: bool = False
    """May read what is kept of meetings; known where a page is asked for."""

    def room(self) -> Room:
        """Give the room as it is now. Raise `MessageError` when it is gone."""
        room = Room.objects.named(self.slug)
        if room is None:
            raise MessageError(Code.NOBODY, Close.NOT_ALLOWED)
        return room

    def login(self) -> Login | None:
        """Give the live login of the browser, or nothing."""
        store = import_module(settings.SESSION_ENGINE).SessionStore
        return logins.from_session(store(self.session_key)) if self.session_key else None

    def writer(self, *actions: Action) -> tuple[Room, Session]:
        """Give the room and the session of somebody present who may do all of `actions`.

        Raise `MessageError` with the rule that refuses it.
        """
        room, login = self.room(), self.login()
        session = Session.objects.inside().filter(room=room, identity=self.identity).order_by("-connected_at").first()
        if session is None or not self.is_inside:
            raise MessageError(Code.NOT_ALLOWED, message=_("You are not in the meeting."))
        facts, person = room.facts, person_of(self, room, login)
        for action in actions:
            decision = decide(action, facts, person)
            if not decision.allowed:
                raise MessageError(Code.NOT_ALLOWED, message=decision.explanation)
        return room, session

    def moderator(self, action: Action = Action.MODERATE) -> tuple[Room, User]:
        """Give the room and who runs it from this socket. Raise `MessageError` with the rule that refuses `action`."""
        room, login = self.room(), self.login()
        decision = decide(action, room.facts, person_of(self, room, login))
        if login is None or not decision.allowed:
            raise MessageError(Code.NOT_ALLOWED, message=decision.explanation)
        return room, login.user

    def runs_now(self) -> bool:
        """Look anew whether this person runs the room; `is_host` may be older than a change."""
        room, login = self.room(), self.login()
        return login is not None and decide(Action.MODERATE, room.facts, person_of(self, room, login)).allowed

    def gathering_or_none(self) -> Gathering | None:
        """Give what goes on in the room, or nothing while nobody is there."""
        return Gathering.objects.current(self.room())

    def gathering(self) -> Gathering:
        """Give what goes on in the room. Raise `MessageError` while nobody is there."""
        found = self.gathering_or_none()
        if found is None:
            raise MessageError(Code.NOBODY, message=_("Nobody is in the meeting."))
        return found


def of_cookies(slug: str, cookies: Mapping[str, str], address: str = "") -> Seat:
    """Give the place of a browser at `address` that has not said anything yet."""
    session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    origin = salted_hmac(ORIGIN_SALT, address).hexdigest()[:32]
    return Seat(slug, session_key=session_key, guest=guests.known(cookies) or "", origin=origin)


def visiting(slug: str, cookies: Mapping[str, str]) -> Seat:
    """Give the place of a browser that asks for a page of the room; nobody begins to wait by that.

    Raise `MessageError` for a browser that is nobody, and for a room that is not there.
    """
    seat = identified(of_cookies(slug, cookies))
    room, login = seat.room(), seat.login()
    person = person_of(seat, room, login)
    is_inside = decide(Action.ENTER, room.facts, person).allowed
    is_banned = person.is_banned and not person.is_host
    is_member = decide(Action.EXPORT_CHAT, room.facts, person).allowed and not is_banned
    return replace(seat, is_inside=is_inside, is_member=is_member)


def identified(seat: Seat) -> Seat:
    """Give the seat with the identity that others see. Raise `MessageError` for a browser that is nobody."""
    login = seat.login()
    if login is None and not seat.guest:
        raise MessageError(Code.NOT_ALLOWED, Close.NOT_ALLOWED)
    identity = str(login.user_id) if login else guests.identity(seat.guest, seat.room().main_id)
    return replace(seat, identity=identity)


def take(seat: Seat, name: str) -> tuple[Seat, dict[str, Any]]:
    """Seat somebody inside or at the door, and give what `welcome` says. Raise `MessageError` for who is refused."""
    seat = identified(seat)
    room, login = seat.room(), seat.login()
    visit = _visit(seat, room)
    person = _person(seat, room, login, visit)
    decision = decide(Action.ENTER, room.facts, person)
    if not decision.allowed and (not decision.waits or room.parent_id):  # nobody waits at the door of a group
        raise MessageError(Code.NOT_ALLOWED, Close.NOT_ALLOWED, decision.explanation)
    if not decision.allowed and visit and visit.is_just_refused:
        raise MessageError(Code.REFUSED, Close.NOT_ALLOWED, _("You were not let in."))
    shown = str(login.user) if login else entry.guest_name(name, visit)
    if not decision.allowed:
        _queue(seat, room, login, shown, visit)
    is_host = decide(Action.MODERATE, room.facts, person).allowed
    is_present = decision.allowed and person.is_inside
    seat = replace(seat, name=shown, is_inside=decision.allowed, is_host=is_host, is_present=is_present)
    return seat, {"inside": decision.allowed, "host": is_host, "reason": decision.explanation, **state_of(room)}


def _queue(seat: Seat, room: Room, login: Login | None, shown: str, known: Visit | None) -> None:
    """Let somebody wait. Raise `MessageError` for one guest too many of one address; who waits keeps the place."""
    is_known = room.visits.waiting().filter(identity=seat.identity).exists()
    if login is None and not is_known and room.visits.crowd(seat.origin).count() >= settings.LOBBY_GUESTS_PER_ADDRESS:
        text = _("Too many people from your network wait here. Please sign in, or try again in a minute.")
        raise MessageError(Code.LOBBY_FULL, Close.TRY_AGAIN, text)
    user = login.user if login else None
    Visit.ask(room, seat.identity, user, shown, entry.card_of(login), seat.origin, known=known)


def state_of(room: Room) -> dict[str, bool]:
    """Give what everybody in a room is told of it."""
    return {"locked": room.main.is_locked, "frozen": room.main.is_frozen}


def person_of(seat: Seat, room: Room, login: Login | None) -> Person:
    """Give who sits there, as the policy sees them."""
    return _person(seat, room, login, _visit(seat, room))


def _visit(seat: Seat, room: Room) -> Visit | None:
    device = guests.identity(seat.guest, room.main_id) if seat.guest else ""
    return visits.of(room, seat.identity, device)


def _person(seat: Seat, room: Room, login: Login | None, visit: Visit | None) -> Person:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    session = Session.objects.inside().filter(room=room, identity=seat.identity).order_by("-connected_at").first()
    person = entry.visitor(store(seat.session_key), login, room, visit, seat.identity)
    return replace(person, is_inside=session is not None, has_time=session is not None and session.has_time)


def in_meeting(seat: Seat) -> tuple[Seat, Room, Person]:
    """Give the seat, the room and the person of somebody who is in the media now; nothing is noted at the door.

    Raise `MessageError` for everybody else.
    """
    room, login = seat.room(), seat.login()
    if login is None and not seat.guest:
        raise MessageError(Code.NOT_ALLOWED, Close.NOT_ALLOWED)
    seat = replace(seat, identity=str(login.user_id) if login else guests.identity(seat.guest, room.main_id))
    session = Session.objects.inside().at(room).filter(identity=seat.identity).first()
    person = person_of(seat, room, login)
    if session is None or not decide(Action.ENTER, room.facts, person).allowed:
        raise MessageError(Code.NOT_ALLOWED, Close.NOT_ALLOWED)
    return replace(seat, name=session.rights.name, is_inside=True), room, person


def touch(seat: Seat) -> bool:
    """Note that somebody is still there; say whether they wait for a decision."""
    return bool(_mine(seat).update(seen_at=timezone.now()))


def is_refused(seat: Seat) -> bool:
    """Say whether a host has refused somebody since they asked."""
    return Visit.objects.filter(room__slug=seat.slug, identity=seat.identity, state=State.REFUSED).exists()


def leave(seat: Seat) -> None:
    """Note that a waiting browser is gone; another one of the same person says so at once that it is still there."""
    _mine(seat).update(seen_at=timezone.now() - UNSEEN_MAX)


def _mine(seat: Seat) -> VisitQuerySet:
    return Visit.objects.filter(room__slug=seat.slug, identity=seat.identity, state=State.WAITING)
