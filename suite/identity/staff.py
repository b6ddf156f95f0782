"""Who may use the administration: only what our own settings name, never what a provider happens to send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from suite.identity.claims import Person


@dataclass(frozen=True, slots=True)
class Rule:
    """The settings: e-mails, groups, and whether every e-mail of this provider counts as verified."""

    emails: Collection[str]
    groups: Collection[str]
    trust_emails: bool


def is_staff(person: Person, rule: Rule) -> bool:
    """Say whether `person` is staff by a proven e-mail or by a group."""
    proven = person.email_verified or rule.trust_emails
    by_email = proven and person.email != "" and person.email.casefold() in {mail.casefold() for mail in rule.emails}
    return by_email or any(group in rule.groups for group in person.groups)
