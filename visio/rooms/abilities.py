"""Who may do what in a room: the only place that decides, and it can explain itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from visio.rooms import rules
from visio.rooms.policy import OWN, Decision, Policy, Rule
from visio.rooms.roles import AccessLevel, Audience, Outsiders, Role


class Action(StrEnum):
    """What a person may want to do with a room."""

    READ = "read"
    COUNT_PEOPLE = "count_people"
    SEE_PEOPLE = "see_people"
    ENTER = "enter"
    USE_MICROPHONE = "use_microphone"
    USE_CAMERA = "use_camera"
    SHARE_SCREEN = "share_screen"
    CHAT = "chat"
    CHAT_PRIVATELY = "chat_privately"
    SEND_FILES = "send_files"
    EXPORT_CHAT = "export_chat"
    WRITE_NOTES = "write_notes"
    REACT = "react"
    INVITE = "invite"
    RECORD = "record"
    TRANSCRIBE = "transcribe"
    READ_ATTENDANCE = "read_attendance"
    MODERATE = "moderate"
    UPDATE = "update"
    CLOSE = "close"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_OWNERS = "manage_owners"
    DESTROY = "destroy"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: `user_id` is None for a guest, `role` is None for those who are no members.

    `has_role_for_now` says that the role ends with the meeting: such a host is a co-host.
    The rest is what the identity provider says of them, and what has happened at the door: `is_admitted` by
    somebody who manages the room, `has_passcode`, `is_banned`, `is_put_out`, or `is_inside` already.
    """

    user_id: uuid.UUID | None = None
    role: Role | None = None
    has_role_for_now: bool = False
    is_active: bool = True
    siret: str = ""
    domain: str = ""
    provider: str = ""
    assurance: str = ""
    claim_roles: frozenset[str] = frozenset()
    is_admitted: bool = False
    has_passcode: bool = False
    is_banned: bool = False
    is_put_out: bool = False
    denied: frozenset[str] = frozenset()
    """The terms that a host has denied to this person."""
    is_inside: bool = False
    has_time: bool = False
    """To prove more strongly who they are: the rules have asked for it since they came."""
    has_place: bool = False
    """In this group; about the main room: in any of its groups, so that the person is still in the meeting."""

    @property
    def is_authenticated(self) -> bool:
        """Say whether the person is signed in."""
        return self.user_id is not None

    @property
    def is_host(self) -> bool:
        """Say whether the person runs the room."""
        return self.role in HOSTS


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What decisions need to know of a room: its policy, and the moment (`now` by the clock on its wall)."""

    policy: Policy = field(default_factory=Policy)
    now: datetime | None = None
    began_at: datetime | None = None
    is_locked: bool = False
    is_frozen: bool = False
    is_group: bool = False
    is_open: bool = False
    """Whether people may be in this group now."""


OWNERS = frozenset({Role.OWNER})
HOSTS = OWNERS | {Role.HOST}
EVERY_MEMBER = HOSTS | {Role.MEMBER}
OF_MAIN_ROOM = frozenset(
    {
        Action.EXPORT_CHAT,
        Action.READ_ATTENDANCE,
        Action.UPDATE,
        Action.MANAGE_MEMBERS,
        Action.MANAGE_OWNERS,
        Action.DESTROY,
        Action.LEAVE,
    }
)
"""What nobody does to a group: it is of the room to whose meeting the group belongs."""
AUDIENCE = {
    Audience.EVERYBODY: frozenset({*EVERY_MEMBER, None}),
    Audience.MEMBERS: EVERY_MEMBER,
    Audience.HOSTS: HOSTS,
    Audience.NOBODY: frozenset(),
}


def abilities(room: RoomFacts, person: Person) -> dict[Action, Decision]:
    """Give, for every action, whether `person` may do it in `room` and which rule said so."""
    return {action: decide(action, room, person) for action in Action}


def decide(action: Action, room: RoomFacts, person: Person) -> Decision:
    """Give the decision about one action."""
    if not person.is_active:
        return Decision(allowed=False, rule=rules.ACCOUNT_DISABLED)
    if room.is_group and action in OF_MAIN_ROOM:
        return Decision(allowed=False, rule=rules.MAIN_ROOM)
    return DECIDERS[action](room, person)


def _read(_room: RoomFacts, _person: Person) -> Decision:
    return Decision(allowed=True, rule=rules.LINK)


# --- the door: the first step that decides is the answer ---------------------------------------------------

Step = Callable[[RoomFacts, Person], Decision | None]


def _enter(room: RoomFacts, person: Person) -> Decision:
    person = replace(person, is_inside=person.is_inside or person.has_place)
    for step in DOOR:
        if decision := step(room, person):
            return decision
    return _by_access(room, person)


def _banned(_room: RoomFacts, person: Person) -> Decision | None:
    return Decision(allowed=False, rule=rules.BANNED, source=OWN) if person.is_banned and not person.is_host else None


def _grouped(room: RoomFacts, person: Person) -> Decision | None:
    """Keep out of a group who does not belong to it; who runs the room goes into any that is open."""
    if not room.is_group or (room.is_open and (person.has_place or person.is_host)):
        return None
    return Decision(allowed=False, rule=rules.OTHER_GROUP if room.is_open else rules.GROUPS_CLOSED, source=OWN)


def _out_of_time(room: RoomFacts, person: Person) -> Decision | None:
    """Refuse by the clock; who runs the room may always enter, and nobody is put out by it."""
    terms = room.policy.terms
    if room.now is None or person.is_inside or person.is_host:
        return None
    if terms.expires_at and room.now >= terms.expires_at:
        return Decision(allowed=False, rule=rules.EXPIRED, source=room.policy.source("expires_at"))
    if terms.hours and not all(hours.hold(room.now) for hours in terms.hours):
        return Decision(allowed=False, rule=rules.CLOSED_NOW, source=room.policy.source("hours"))
    return None


def _guest(room: RoomFacts, person: Person) -> Decision | None:
    if person.is_authenticated or room.policy.terms.guests is not False:
        return None
    return Decision(allowed=False, rule=rules.NO_GUESTS, source=room.policy.source("guests"))


def _frozen(room: RoomFacts, person: Person) -> Decision | None:
    """Let everybody wait who comes, also those who were let in before; who runs the room never waits."""
    if not room.is_frozen or person.is_host or person.is_inside:
        return None
    return Decision(allowed=False, rule=rules.FROZEN, waits=True, source=OWN)


def _admitted(_room: RoomFacts, person: Person) -> Decision | None:
    return Decision(allowed=True, rule=rules.ADMITTED, source=OWN) if person.is_admitted else None


def _put_out(_room: RoomFacts, person: Person) -> Decision | None:
    """Let those wait whom a host has put out, wherever they may enter otherwise."""
    if not person.is_put_out or person.is_host:
        return None
    return Decision(allowed=False, rule=rules.PUT_OUT, waits=True, source=OWN)


def _passcode(room: RoomFacts, person: Person) -> Decision | None:
    if not room.policy.terms.passcode or person.role or person.has_passcode or person.is_inside:
        return None
    return Decision(allowed=False, rule=rules.PASSCODE, source=room.policy.source("passcode"))


def _held_up(room: RoomFacts, person: Person) -> Decision | None:
    """Let those wait who come when the room is locked, or late; who runs the room never waits."""
    if person.is_host or person.is_inside:
        return None
    if room.is_locked:
        return Decision(allowed=False, rule=rules.LOCKED, waits=True, source=OWN)
    if _is_late(room):
        return Decision(allowed=False, rule=rules.LATE, waits=True, source=room.policy.source("late_minutes"))
    return None


def _is_late(room: RoomFacts) -> bool:
    minutes = room.policy.terms.late_minutes
    if minutes is None or room.began_at is None or room.now is None:
        return False
    return room.now > room.began_at + timedelta(minutes=minutes)


DOOR: tuple[Step, ...] = (_banned, _grouped, _out_of_time, _guest, _frozen, _admitted, _put_out, _passcode, _held_up)


def _by_access(room: RoomFacts, person: Person) -> Decision:
    level, source = room.policy.access_level, room.policy.source("access_level")
    if level is AccessLevel.PUBLIC and not _conditions(room):
        return Decision(allowed=True, rule=rules.PUBLIC, source=source)
    if person.role is not None:
        return Decision(allowed=True, rule=rules.MEMBERS_ENTER)
    if level is AccessLevel.RESTRICTED:
        return _outsider(room, rules.RESTRICTED, "access_level")
    if not person.is_authenticated:
        return _outsider(room, rules.SIGNED_IN, "access_level")
    unmet = [name for name, values in _conditions(room).items() if not values & FACTS_OF[name](person)]
    if unmet == ["assurances"] and person.is_inside and person.has_time:
        return Decision(allowed=True, rule=rules.PROVING, source=room.policy.source("assurances"))
    if unmet:
        return _outsider(room, rules.NOT_AMONG, *unmet)
    return Decision(allowed=True, rule=rules.SIGNED_IN, source=source)


def _outsider(room: RoomFacts, rule: Rule, *names: str) -> Decision:
    """Let somebody wait, or refuse them, as the policy says."""
    if room.policy.terms.outsiders is Outsiders.REFUSE:
        return Decision(allowed=False, rule=rules.OUTSIDERS_REFUSED, source=room.policy.source("outsiders"))
    return Decision(allowed=False, rule=rule, waits=True, source=room.policy.source(*names))


def _conditions(room: RoomFacts) -> dict[str, frozenset[str]]:
    given = {name: getattr(room.policy.terms, name) for name in FACTS_OF}
    return {name: values for name, values in given.items() if values is not None}


FACTS_OF: dict[str, Callable[[Person], frozenset[str]]] = {
    "sirets": lambda person: frozenset({person.siret}),
    "domains": lambda person: frozenset({person.domain}),
    "providers": lambda person: frozenset({person.provider}),
    "assurances": lambda person: frozenset({person.assurance}),
    "claim_roles": lambda person: person.claim_roles,
}


def stronger(room: RoomFacts, person: Person) -> list[str]:
    """Give the assurance levels of which one would let somebody in who is signed in too weakly; none otherwise."""
    wanted = room.policy.terms.assurances
    if not wanted or not person.is_authenticated or person.assurance in wanted:
        return []
    entered = (_enter(room, replace(person, assurance=level)).allowed for level in wanted)
    return sorted(wanted) if any(entered) and not _enter(room, person).allowed else []


def _count_people(room: RoomFacts, person: Person) -> Decision:
    """Tell who may enter how many are inside, unless the policy keeps it to fewer."""
    entering = decide(Action.ENTER, room, person)
    if not entering.allowed:
        return replace(entering, waits=False)
    allowed = person.role in AUDIENCE[room.policy.audience("people_shown")]
    rule = rules.EVERYBODY if allowed else rules.PEOPLE_SHOWN
    return Decision(allowed=allowed, rule=rule, source=room.policy.source("people_shown"))


NAMELESS = Decision(allowed=False, rule=rules.NAMES_FOR_SIGNED_IN)


def _see_people(room: RoomFacts, person: Person) -> Decision:
    """Tell the names besides to those who show theirs: a guest would read them unseen."""
    counting = _count_people(room, person)
    return counting if person.is_authenticated or not counting.allowed else NAMELESS


# --- inside ----------------------------------------------------------------------------------------------


def _for_audience(name: str, refusal: Rule) -> Callable[[RoomFacts, Person], Decision]:
    def decide_by_audience(room: RoomFacts, person: Person) -> Decision:
        if room.is_frozen and not person.is_host:
            return Decision(allowed=False, rule=rules.FROZEN, source=OWN)
        if name in person.denied and not person.is_host:
            return Decision(allowed=False, rule=rules.DENIED, source=OWN)
        allowed = person.role in AUDIENCE[room.policy.audience(name)]
        return Decision(allowed=allowed, rule=rules.EVERYBODY if allowed else refusal, source=room.policy.source(name))

    return decide_by_audience


def _readable(name: str, refusal: Rule) -> Callable[[RoomFacts, Person], Decision]:
    """Decide about what the service can only do with media that it can read."""
    by_audience = _for_audience(name, refusal)

    def decide_if_readable(room: RoomFacts, person: Person) -> Decision:
        if room.policy.is_encrypted:
            return Decision(allowed=False, rule=rules.ENCRYPTED, source=room.policy.source("encryption_mode"))
        return by_audience(room, person)

    return decide_if_readable


def _react(room: RoomFacts, person: Person) -> Decision:
    if room.is_frozen and not person.is_host:
        return Decision(allowed=False, rule=rules.FROZEN, source=OWN)
    return Decision(allowed=True, rule=rules.EVERYBODY)


def _for_roles(roles: frozenset[Role], rule: Rule) -> Callable[[RoomFacts, Person], Decision]:
    def decide_by_role(_room: RoomFacts, person: Person) -> Decision:
        return Decision(allowed=person.role in roles, rule=rule)

    return decide_by_role


def _invite(room: RoomFacts, person: Person) -> Decision:
    """Refuse mails that would go without the key."""
    by_role = _for_roles(EVERY_MEMBER, rules.MEMBERS_ONLY)(room, person)
    if not by_role.allowed or not room.policy.is_encrypted:
        return by_role
    return Decision(allowed=False, rule=rules.INVITE_ENCRYPTED, source=room.policy.source("encryption_mode"))


def _writer(name: str, refusal: Rule) -> Callable[[RoomFacts, Person], Decision]:
    """Decide about what only those may who may write in the chat at all."""
    by_audience = _for_audience(name, refusal)

    def decide_for_writer(room: RoomFacts, person: Person) -> Decision:
        writes = decide(Action.CHAT, room, person)
        return by_audience(room, person) if writes.allowed else writes

    return decide_for_writer


def _lasting(roles: frozenset[Role], rule: Rule) -> Callable[[RoomFacts, Person], Decision]:
    """Ask for a role that outlives the meeting, because what is done does, too."""

    def decide_by_lasting_role(_room: RoomFacts, person: Person) -> Decision:
        if person.has_role_for_now and person.role in roles:
            return Decision(allowed=False, rule=rules.FOR_NOW)
        return Decision(allowed=person.role in roles, rule=rule)

    return decide_by_lasting_role


def _read_attendance(room: RoomFacts, person: Person) -> Decision:
    if not room.policy.attendance_days:
        return Decision(allowed=False, rule=rules.NO_ATTENDANCE, source=room.policy.source("attendance_days"))
    return _for_roles(HOSTS, rules.HOSTS_ONLY)(room, person)


DECIDERS: dict[Action, Callable[[RoomFacts, Person], Decision]] = {
    Action.READ: _read,
    Action.COUNT_PEOPLE: _count_people,
    Action.SEE_PEOPLE: _see_people,
    Action.ENTER: _enter,
    Action.USE_MICROPHONE: _for_audience("microphone", rules.MICROPHONE),
    Action.USE_CAMERA: _for_audience("camera", rules.CAMERA),
    Action.SHARE_SCREEN: _for_audience("screen", rules.SCREEN),
    Action.CHAT: _for_audience("chat", rules.CHAT),
    Action.CHAT_PRIVATELY: _writer("private_chat", rules.PRIVATE_CHAT),
    Action.SEND_FILES: _writer("chat_files", rules.CHAT_FILES),
    Action.EXPORT_CHAT: _for_roles(EVERY_MEMBER, rules.MEMBERS_ONLY),
    Action.WRITE_NOTES: _for_audience("notes", rules.NOTES),
    Action.REACT: _react,
    Action.INVITE: _invite,
    Action.RECORD: _readable("record", rules.RECORD),
    Action.TRANSCRIBE: _readable("transcribe", rules.TRANSCRIBE),
    Action.READ_ATTENDANCE: _read_attendance,
    Action.MODERATE: _for_roles(HOSTS, rules.HOSTS_ONLY),
    Action.UPDATE: _lasting(HOSTS, rules.HOSTS_ONLY),
    Action.CLOSE: _for_roles(HOSTS, rules.HOSTS_ONLY),
    Action.MANAGE_MEMBERS: _lasting(HOSTS, rules.HOSTS_ONLY),
    Action.MANAGE_OWNERS: _lasting(OWNERS, rules.OWNERS_ONLY),
    Action.DESTROY: _for_roles(OWNERS, rules.OWNERS_ONLY),
    Action.LEAVE: _for_roles(EVERY_MEMBER, rules.MEMBERS_ONLY),
}
