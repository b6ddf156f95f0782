"""The dry run: who of a list of addresses would enter a room now, wait or be refused, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from suite.identity.models import Login, User
from visio.rooms import entry, signals, visits
from visio.rooms.abilities import Action, Person, decide
from visio.rooms.entry import Outcome, outcome_of
from visio.rooms.person import GUEST, of_role
from visio.rooms.policy import Decision, Policy
from visio.rooms.rules import ROOM_FULL

if TYPE_CHECKING:
    from visio.rooms.models import Room

ADDRESSES_MAX = 200
SEPARATORS = re.compile(r"[\s,;<>]+")


class DryRunForm(forms.Form):
    """Addresses, as people paste them."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line, or with commas between; at most 200."),
    )

    def clean_addresses(self) -> list[str]:
        """Give each address once, in order."""
        words = (word.lower() for word in SEPARATORS.split(self.cleaned_data["addresses"]) if "@" in word)
        found = list(dict.fromkeys(words))
        if not found:
            raise forms.ValidationError(gettext("There is no e-mail address in this."))
        if len(found) > ADDRESSES_MAX:
            raise forms.ValidationError(gettext("These are more than 200 addresses."))
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would happen to one address; `person` is empty for those who have never signed in."""

    address: str
    person: str
    outcome: Outcome
    decision: Decision

    @property
    def in_words(self) -> str:
        """Say what would happen."""
        return str(OUTCOMES[self.outcome])


OUTCOMES = {Outcome.ENTER: _("enters"), Outcome.WAIT: _("waits"), Outcome.REFUSE: _("is refused")}


def run(room: Room, addresses: list[str]) -> list[Verdict]:
    """Give a verdict for each address; somebody who has never signed in is seen as a guest."""
    facts, roles, decided, inside = room.facts, room.roles(), visits.states(room), signals.inside(room)
    users = _accounts(addresses)
    found = []
    for address in addresses:
        user = users.get(address)
        person = _as_last_time(of_role(user, roles.get(user.pk)), user) if user else GUEST
        identity = str(user.pk) if user else ""
        decision = decide(Action.ENTER, facts, entry.decided(person, decided.get(identity)))
        if decision.allowed and _is_full(facts.policy, inside - {identity}):
            decision = Decision(allowed=False, rule=ROOM_FULL, source=facts.policy.source("people_max"))
        found.append(Verdict(address, str(user) if user else "", outcome_of(decision), decision))
    return found


def _is_full(policy: Policy, others: set[str]) -> bool:
    most = policy.terms.people_max
    return most is not None and len(others) >= most


def _as_last_time(person: Person, user: User) -> Person:
    """Take the assurance of the person's latest login for that of the next."""
    login = Login.objects.filter(user=user).order_by("-created_at").first()
    return replace(person, assurance=login.acr if login else "")


def _accounts(addresses: list[str]) -> dict[str, User]:
    """Give the accounts with these addresses, however they spell them."""
    known = User.objects.annotate(lowered=Lower("email")).filter(lowered__in=addresses, is_active=True)
    return {user.email.lower(): user for user in known}
