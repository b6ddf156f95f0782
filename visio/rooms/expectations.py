"""What a person is told of a room before they enter: its class, who reads what afterwards, for how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visio.rooms.abilities import RoomFacts
from visio.rooms.policy import Policy
from visio.rooms.roles import Sensitivity


@dataclass(frozen=True, slots=True)
class Expectation:
    """One sentence, the icon before it, and the name by which a page finds it."""

    name: str
    icon: str
    sentence: str


def expectations(facts: RoomFacts, chat_days: int) -> list[Expectation]:
    """Give what is told of a room whose chat is kept for `chat_days`, 0 for not at all."""
    found = [_class(facts.policy), _attendance(facts.policy), _chat(chat_days), _notes()]
    return [one for one in found if one]


def _class(policy: Policy) -> Expectation | None:
    sensitivity = policy.terms.sensitivity
    if sensitivity in (None, Sensitivity.ORDINARY):
        return None
    words = _("This room is of the class “%s”: speak only of what may be spoken of there.")
    return Expectation("class", "lock", words % str(sensitivity.label).lower())


def _attendance(policy: Policy) -> Expectation | None:
    days = policy.attendance_days
    if not days:
        return None
    words = ngettext(
        "The hosts can read for %(days)d day who took part in this meeting.",
        "The hosts can read for %(days)d days who took part in this meeting.",
        days,
    )
    return Expectation("attendance", "people", words % {"days": days})


def _chat(days: int) -> Expectation:
    if not days:
        return Expectation("chat", "chat", _("The chat is erased when the last person has left."))
    words = ngettext(
        "The chat is kept for %(days)d day after the meeting.",
        "The chat is kept for %(days)d days after the meeting.",
        days,
    )
    return Expectation("chat", "chat", words % {"days": days})


def _notes() -> Expectation:
    days = settings.GATHERING_DAYS
    words = ngettext(
        "Shared notes and polls are kept for %(days)d day for the hosts.",
        "Shared notes and polls are kept for %(days)d days for the hosts.",
        days,
    )
    return Expectation("notes", "edit", words % {"days": days})
