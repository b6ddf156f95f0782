"""What somebody may take along from a meeting that they leave: links to what they may read of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from suite.identity.models import User
from visio.attendance.models import Gathering
from visio.live.models import Notes
from visio.rooms import entry, visits
from visio.rooms.abilities import Action, Person, RoomFacts, decide
from visio.rooms.models import Room
from visio.rooms.person import of_user
from visio.rooms.standing import chat_days


@dataclass(frozen=True, slots=True)
class Keepsake:
    """A link with its words and icon; `kind` is the form of a file, nothing for a page."""

    icon: str
    label: str
    address: str
    kind: str = ""


def keepsakes(user: User, room: Room, gathering: Gathering | None) -> list[Keepsake]:
    """Give what `user` may read of `gathering` and of the room, as the pages behind the links decide it."""
    facts = room.facts
    person = entry.decided(of_user(user, room), visits.of(room, str(user.pk), ""))
    files = _files(facts, person, room, gathering) if gathering and _reads(person, gathering) else []
    return files + _pages(facts, person, room)


def _reads(person: Person, gathering: Gathering) -> bool:
    """Say whether somebody reads of this gathering at all: whose role ends with the meeting does so until then."""
    return not person.has_role_for_now or gathering.ended_at is None


def _files(facts: RoomFacts, person: Person, room: Room, gathering: Gathering) -> list[Keepsake]:
    found: list[tuple[str, str, str, tuple[str, ...]]] = []
    if decide(Action.MODERATE, facts, person).allowed:
        if Notes.objects.filter(gathering=gathering).exists():
            found.append(("edit", _("Shared notes"), "notes", ("md", "odt")))
        if gathering.polls.exists():
            found.append(("check", _("Polls"), "polls", ("csv", "ods")))
    if decide(Action.READ_ATTENDANCE, facts, person).allowed:
        found.append(("people", _("Attendance"), "attendance", ("csv", "ods")))
    return [
        Keepsake(icon, label, reverse(name, args=[room.slug, gathering.pk, kind]), kind)
        for icon, label, name, kinds in found
        for kind in kinds
    ]


def _pages(facts: RoomFacts, person: Person, room: Room) -> list[Keepsake]:
    if person.has_role_for_now or person.is_banned:
        return []
    found = []
    if chat_days(room, facts.policy) and decide(Action.EXPORT_CHAT, facts, person).allowed:
        found.append(Keepsake("chat", _("Chats"), reverse("chats", args=[room.slug])))
    if decide(Action.UPDATE, facts, person).allowed:
        found.append(Keepsake("clock", _("Past meetings"), reverse("gatherings", args=[room.slug])))
    return found
