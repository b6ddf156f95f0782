"""Who may sign in: 'reserved for public agents' is decided by the provider's roles claim, purely."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """What the settings demand; without roles everybody may sign in."""

    roles: Collection[str]
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """What we knew of a person before this sign-in: their roles, and when the provider last sent some."""

    roles: Sequence[str]
    roles_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the person may sign in, and the roles to keep for them."""

    allowed: bool
    roles: Sequence[str]
    seen_at: datetime | None


def decide(roles: Sequence[str], known: Known | None, rule: Rule, now: datetime) -> Verdict:
    """Decide for someone with these `roles`.

    ProConnect sends no role at all while the register of companies is down: someone who was entitled before
    keeps their roles for the length of the grace.
    """
    if roles or not rule.roles:
        return Verdict(_entitled(roles, rule), roles, now if roles else None)
    if known and known.roles_seen_at and _entitled(known.roles, rule) and now - known.roles_seen_at < rule.grace:
        return Verdict(True, known.roles, known.roles_seen_at)
    return Verdict(False, (), None)


def _entitled(roles: Sequence[str], rule: Rule) -> bool:
    return not rule.roles or any(role in rule.roles for role in roles)
