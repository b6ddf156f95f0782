"""The door of a room: decides, for a browser that knocks, between entering with a ticket, waiting and being refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from suite.identity import logins
from suite.identity.models import Login
from visio.rooms import breakouts, guests, names, tickets, visits
from visio.rooms.abilities import Action, Person, RoomFacts, decide
from visio.rooms.models import Room
from visio.rooms.person import of_login
from visio.rooms.policy import Decision
from visio.rooms.roles import Role
from visio.rooms.visits import State, Visit
from visio.wire import Grant

PASSCODES_KEY = "passcodes"
"""Where it keeps, by room, the hash of the passcode that it gave."""
CARD = ("kind", "organization", "unit", "provider", "assurance")
"""The attributes in which the card of somebody signed in travels."""
SOURCES = {
    Action.USE_MICROPHONE: ("microphone",),
    Action.USE_CAMERA: ("camera",),
    Action.SHARE_SCREEN: ("screen_share", "screen_share_audio"),
}
"""What of LiveKit's sources each ability is about."""


class Outcome(StrEnum):
    """What happens to somebody at the door."""

    ENTER = "enter"
    WAIT = "wait"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the door says: `ticket` is there only to those who enter."""

    outcome: Outcome
    decision: Decision
    ticket: str | None = None


def knock(request: HttpRequest | Request, room: Room, guest_name: str = "") -> Entry:
    """Decide for the browser behind `request`; `guest_name` is how a guest wants to be called."""
    login = logins.current(request)
    device = guests.identity(guests.secret(request), room.main_id)
    identity = str(login.user_id) if login else device
    visit = visits.of(room, identity, device)
    facts, person = room.facts, visitor(request.session, login, room, visit, identity)
    decision = decide(Action.ENTER, facts, person)
    outcome = outcome_of(decision)
    if outcome is not Outcome.ENTER:
        return Entry(outcome, decision)
    if login:
        grant = user_grant(login, person, "" if facts.policy.terms.imposed_names else guest_name)
    else:
        grant = guest_grant(identity, guest_name, visit)
    ticket = tickets.issue(
        room.pk,
        permitted(grant, facts, person),
        login=login.pk if login else None,
        via=tickets.Via.PAGE,
        now=timezone.now(),
        has_passcode=person.has_passcode,
        device=device,
    )
    return Entry(outcome, decision, ticket)


def visitor(session: SessionBase, login: Login | None, room: Room, visit: Visit | None, identity: str) -> Person:
    """Give who stands at the door of `room` with this browser, about whom `visit` says what was decided."""
    has_passcode = bool(room.main.passcode) and _knows(session, room.main)
    has_place = breakouts.has_place(room, identity)
    return decided(replace(of_login(login, room), has_passcode=has_passcode, has_place=has_place), visit)


def knocker(request: HttpRequest | Request, login: Login | None, room: Room) -> Person:
    """Give who looks at `room` with this browser; a stranger gets no cookie by it."""
    guest = guests.known(request.COOKIES)
    device = guests.identity(guest, room.main_id) if guest else ""
    identity = str(login.user_id) if login else device
    return visitor(request.session, login, room, visits.of(room, identity, device), identity)


def decided(person: Person, visit: Visit | None) -> Person:
    """Give the person with what was decided about them at the door."""
    if visit is None:
        return person
    person = replace(
        person,
        is_admitted=visit.state == State.ADMITTED,
        is_banned=visit.state == State.BANNED,
        is_put_out=visit.is_put_out,
        denied=frozenset(visit.denied),
    )
    return replace(person, role=Role(visit.role), has_role_for_now=True) if visit.role else person


def give_passcode(session: SessionBase, room: Room, passcode: str) -> bool:
    """Remember in this browser that it knows the passcode of `room`; say whether it does."""
    if not room.opens_with(passcode):
        return False
    session[PASSCODES_KEY] = {**session.get(PASSCODES_KEY, {}), str(room.pk): room.passcode}
    return True


def _knows(session: SessionBase, room: Room) -> bool:
    """Say whether the passcode that this browser gave is still the room's."""
    return bool(session.get(PASSCODES_KEY, {}).get(str(room.pk)) == room.passcode)


def with_card(grant: Grant, login: Login | None) -> Grant:
    """Give the grant with what the provider says of the person by now; a guest keeps their card."""
    others = {key: value for key, value in grant.attributes.items() if key not in CARD}
    return replace(grant, attributes={**others, **card_of(login)}) if login else grant


def with_role(grant: Grant, person: Person) -> Grant:
    """Give the grant with the role that the person has in the room."""
    until = "meeting" if person.has_role_for_now else ""
    attributes = {**grant.attributes, "role": str(person.role or ""), "role_until": until}
    return replace(grant, attributes={key: value for key, value in attributes.items() if value})


def permitted(grant: Grant, facts: RoomFacts, person: Person) -> Grant:
    """Give the grant with what the policy allows this person to send."""
    asked = (*SOURCES, Action.CHAT, Action.CHAT_PRIVATELY, Action.SEND_FILES)
    allowed = {action for action in asked if decide(action, facts, person).allowed}
    sources = tuple(source for action, given in SOURCES.items() if action in allowed for source in given)
    everything = allowed >= SOURCES.keys()
    return replace(
        grant,
        can_publish=bool(sources),
        sources=() if everything else sources,
        can_publish_data=Action.CHAT in allowed,
        private_chat=Action.CHAT_PRIVATELY in allowed,
        files=Action.SEND_FILES in allowed and not settings.CHAT_FILE_SCANNER,  # the scanner sees none of them
    )


def outcome_of(decision: Decision) -> Outcome:
    """Give what happens to somebody about whom the policy decided so."""
    if decision.allowed:
        return Outcome.ENTER
    return Outcome.WAIT if decision.waits else Outcome.REFUSE


def user_grant(login: Login, person: Person, chosen: str = "") -> Grant:
    """Give the rights of somebody signed in, under the name that their organisation vouches for or a `chosen` one."""
    user = login.user
    name = names.clean(chosen, names.GUEST_NAME_MAX) or names.clean(str(user), names.ROOM_NAME_MAX)
    return with_role(Grant(identity=str(user.pk), name=name, attributes=card_of(login)), person)


def guest_grant(identity: str, name: str, visit: Visit | None = None) -> Grant:
    """Give the rights of somebody for whom nobody vouches; the card says who let them in."""
    attributes = {"kind": "guest"}
    if visit and visit.state == State.ADMITTED and visit.decided_at:
        attributes |= {"admitted_by": str(visit.decided_by or ""), "admitted_at": visit.decided_at.isoformat()}
    return Grant(identity=identity, name=guest_name(name, visit), attributes=attributes)


def guest_name(name: str, visit: Visit | None) -> str:
    """Give the name of a guest as others see it: the one that was admitted, or else what they call themselves."""
    if visit and visit.state == State.ADMITTED:
        return visit.name
    return names.clean(name, names.GUEST_NAME_MAX) or _("Guest")


def card_of(login: Login | None) -> dict[str, str]:
    """Give the card of the person behind `login`: what the provider vouches for, which is nothing for a guest."""
    if login is None:
        return {"kind": "guest"}
    user = login.user
    who = {"organization": user.organization_label, "unit": user.organizational_unit}
    card = {"kind": "agent", **who, "provider": user.idp_id, "assurance": login.acr}
    return {key: value for key, value in card.items() if value}
