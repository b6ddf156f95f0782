"""One policy for a room out of what each level asks: service, organisation, room; a lower level can only tighten. Pure.

The fourth level, a person's role, is `abilities`: it decides within what these three leave open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visio.rooms.roles import AccessLevel, Audience, EncryptionMode, Sensitivity
from visio.rooms.terms import NAMES, Terms, tightened

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Sentence

ATTENDANCE_DAYS = 365
"""For which reports of attendance are kept where no level asks for less."""
HOSTS_DECIDE = gettext_lazy("An owner or a host of the room can change this.")


class Level(StrEnum):
    """Who set a rule, highest first."""

    INSTANCE = "instance"
    ORGANIZATION = "organization"
    ROOM = "room"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Source:
    """The level that set something; an organisation has a name, both upper levels may have a contact.

    `sensitivity` is set when it holds for rooms of that class only.
    """

    level: Level
    name: str = ""
    contact: str = ""
    sensitivity: Sensitivity | None = None

    @property
    def set_by(self) -> str:
        """Say who set it, in one sentence; nothing for what the room itself or a role decides."""
        where = self.sensitivity and str(self.sensitivity.label).lower()
        if self.level is Level.INSTANCE:
            return (
                _("This service asks it of rooms of the class “%s”.") % where if where else _("This service asks it.")
            )
        if self.level is Level.ORGANIZATION:
            who = self.name or _("Your organisation")
            return (
                _("%(who)s asks it of rooms of the class “%(class)s”.") % {"who": who, "class": where}
                if where
                else _("%s asks it of its rooms.") % who
            )
        return ""

    @property
    def changed_by(self) -> str:
        """Say who can change it, in one sentence."""
        if self.contact:
            return _("Contact: %s.") % self.contact
        if self.level is Level.INSTANCE:
            return _("The administrators of this service can change this.")
        if self.level is Level.ORGANIZATION:
            return _("The people who administer your organisation can change this.")
        return str(HOSTS_DECIDE)


SERVICE = Source(Level.INSTANCE)
OWN = Source(Level.ROOM)
BY_ROLE = Source(Level.ROLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A stable code, what the rule says to a person, and who may change it when a role decides."""

    code: str
    sentence: Sentence
    changed_by: Sentence = HOSTS_DECIDE


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, the rule and the level that said so, and whether somebody inside may still say yes (`waits`)."""

    allowed: bool
    rule: Rule
    waits: bool = False
    source: Source = BY_ROLE

    @property
    def changed_by(self) -> str:
        """Say who can change what the decision rests on."""
        return str(self.rule.changed_by) if self.source.level is Level.ROLE else self.source.changed_by

    @property
    def explanation(self) -> str:
        """Give the whole of it: the rule, who set it, who can change it."""
        parts = (str(self.rule.sentence), self.source.set_by, self.changed_by)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one level asks."""

    source: Source
    terms: Terms


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds in a room, and for each term that is limited the level that limits it most."""

    terms: Terms = field(default_factory=Terms)
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def access_level(self) -> AccessLevel:
        """Give who enters without being admitted."""
        return self.terms.access_level or AccessLevel.PUBLIC

    @property
    def attendance_days(self) -> int:
        """Give for how many days reports of attendance are kept; 0: none is."""
        days = self.terms.attendance_days
        return ATTENDANCE_DAYS if days is None else days

    @property
    def encryption_mode(self) -> EncryptionMode:
        """Give whether meetings are end-to-end encrypted."""
        return self.terms.encryption_mode or EncryptionMode.NONE

    @property
    def is_encrypted(self) -> bool:
        """Say whether only those in a meeting can decrypt its media."""
        return self.encryption_mode is not EncryptionMode.NONE

    def audience(self, name: str) -> Audience:
        """Give who may do what the term `name` is about."""
        audience: Audience = getattr(self.terms, name) or Audience.EVERYBODY
        return audience

    def source(self, *names: str) -> Source:
        """Give the highest level that limits one of these terms."""
        found = [self.sources[name] for name in names if name in self.sources]
        return min(found, key=lambda source: list(Level).index(source.level), default=OWN)


def settle(layers: Iterable[Layer]) -> Policy:
    """Add up layers, the highest level first: each can only tighten what those above it left open."""
    values: dict[str, object] = dict.fromkeys(NAMES)
    sources: dict[str, Source] = {}
    for layer in layers:
        for name in NAMES:
            tighter = tightened(name, values[name], getattr(layer.terms, name))
            if tighter != values[name]:
                values[name], sources[name] = tighter, layer.source
    return Policy(Terms(**values), sources)  # type: ignore[arg-type]  # each value is of its term's own kind
