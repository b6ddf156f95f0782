"""What one level may ask of a room, how two levels add up, and how terms are written as JSON. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from visio.rooms.roles import AccessLevel, Audience, EncryptionMode, Outsiders, Sensitivity

WORDS_MAX = 200
WORD_MAX_LENGTH = 255
EVERY_DAY = frozenset(range(1, 8))
T = TypeVar("T")


class TermsError(ValueError):
    """Terms that cannot be read; `name` is the one at fault."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Hours:
    """When a room is open, by the clock on its wall: ISO weekdays (Monday is 1), and times of the day."""

    days: frozenset[int]
    opens: time
    closes: time

    def hold(self, local: datetime) -> bool:
        """Say whether the room is open at `local`, a time on that clock."""
        return local.isoweekday() in self.days and self.opens <= local.time().replace(tzinfo=None) < self.closes


@dataclass(frozen=True, slots=True)
class Terms:
    """What one level asks; None where it asks nothing.

    `sirets`, `domains`, `providers`, `assurances` and `claim_roles` say which signed-in people enter directly: each
    set that is given must hold the person's value.
    """

    access_level: AccessLevel | None = None
    sensitivity: Sensitivity | None = None
    outsiders: Outsiders | None = None
    guests: bool | None = None
    passcode: bool | None = None
    sirets: frozenset[str] | None = None
    domains: frozenset[str] | None = None
    providers: frozenset[str] | None = None
    assurances: frozenset[str] | None = None
    claim_roles: frozenset[str] | None = None
    hours: tuple[Hours, ...] | None = None
    expires_at: datetime | None = None
    people_max: int | None = None
    late_minutes: int | None = None
    microphone: Audience | None = None
    camera: Audience | None = None
    screen: Audience | None = None
    chat: Audience | None = None
    private_chat: Audience | None = None
    chat_files: Audience | None = None
    chat_days: int | None = None
    notes: Audience | None = None
    record: Audience | None = None
    transcribe: Audience | None = None
    people_shown: Audience | None = None
    imposed_names: bool | None = None
    attendance_days: int | None = None
    encryption_mode: EncryptionMode | None = None


NAMES = tuple(field.name for field in dataclasses.fields(Terms))
AUDIENCES = (
    "microphone",
    "camera",
    "screen",
    "chat",
    "private_chat",
    "chat_files",
    "notes",
    "record",
    "transcribe",
    "people_shown",
)
CONDITIONS = ("sirets", "domains", "providers", "assurances", "claim_roles")


def tightened(name: str, one: Any, other: Any) -> Any:
    """Give the tighter of two values of a term, `one` of the higher level: one that both allow. None allows everything.

    Where neither value is tighter, as of encryption, the higher level has decided.
    """
    if one is None or other is None:
        return other if one is None else one
    return TIGHTEN[name](one, other)


def _later(choices: type[StrEnum]) -> Callable[[Any, Any], Any]:
    order = list(choices)
    return lambda one, other: max(one, other, key=order.index)


def _both_hours(one: tuple[Hours, ...], other: tuple[Hours, ...]) -> tuple[Hours, ...]:
    return tuple(dict.fromkeys((*one, *other)))


TIGHTEN: dict[str, Callable[[Any, Any], Any]] = {
    "access_level": _later(AccessLevel),
    "sensitivity": _later(Sensitivity),
    "outsiders": _later(Outsiders),
    "guests": lambda one, other: one and other,
    "passcode": lambda one, other: one or other,
    **dict.fromkeys(CONDITIONS, lambda one, other: one & other),
    "hours": _both_hours,
    "expires_at": min,
    "people_max": min,
    "late_minutes": min,
    "chat_days": min,
    **dict.fromkeys(AUDIENCES, _later(Audience)),
    "imposed_names": lambda one, other: one or other,
    "attendance_days": min,
    "encryption_mode": lambda higher, _lower: higher,
}


def read(said: object) -> Terms:
    """Give the terms that JSON values say. Raise `TermsError` for an unknown name or a value of the wrong kind."""
    if not isinstance(said, Mapping):
        raise TermsError("terms", "an object is expected")
    values = {}
    for name, value in said.items():
        if name not in READ:
            raise TermsError(str(name)[:40], "there is no such term")
        values[name] = None if value is None else _read(name, value)
    return Terms(**values)


def _read(name: str, value: Any) -> Any:
    try:
        return READ[name](value)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise TermsError(name, str(error)[:200]) from error


def write(terms: Terms) -> dict[str, Any]:
    """Give JSON values that say the same; what is not asked is left out."""
    given = ((name, getattr(terms, name)) for name in NAMES)
    return {name: written(value) for name, value in given if value is not None}


def written(value: Any) -> Any:
    """Give one value of a term as JSON."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [{"days": sorted(h.days), "from": f"{h.opens:%H:%M}", "to": f"{h.closes:%H:%M}"} for h in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{kind.__name__} expected")
    return value


def _flag(value: object) -> bool:
    return _typed(value, bool)


def _words(value: object) -> frozenset[str]:
    words = [_typed(word, str).strip() for word in _typed(value, list)]
    if len(words) > WORDS_MAX or not all(0 < len(word) <= WORD_MAX_LENGTH for word in words):
        raise ValueError(f"at most {WORDS_MAX} filled words expected")
    return frozenset(words)


def _domains(value: object) -> frozenset[str]:
    return frozenset(word.lower().removeprefix("@") for word in _words(value))


def _count(low: int) -> Callable[[object], int]:
    def count(value: object) -> int:
        number = _typed(value, int)
        if not low <= number <= 1_000_000:
            raise ValueError(f"a number from {low} expected")
        return number

    return count


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_typed(value, str))
    if moment.tzinfo is None:
        raise ValueError("a time with its zone expected")
    return moment


def _hours(value: object) -> tuple[Hours, ...]:
    rows = _typed(value, list)
    if len(rows) > len(EVERY_DAY):
        raise ValueError("too many")
    return tuple(dict.fromkeys(_hours_row(_typed(row, dict)) for row in rows))


def _hours_row(row: dict[str, Any]) -> Hours:
    days = frozenset(_typed(day, int) for day in _typed(row["days"], list))
    hours = Hours(days, time.fromisoformat(row["from"]), time.fromisoformat(row["to"]))
    if not days or not days <= EVERY_DAY or hours.opens >= hours.closes or hours.opens.tzinfo or hours.closes.tzinfo:
        raise ValueError("days from 1 to 7 and two times expected, the first before the second")
    return hours


READ: dict[str, Callable[[Any], Any]] = {
    "access_level": AccessLevel,
    "sensitivity": Sensitivity,
    "outsiders": Outsiders,
    "guests": _flag,
    "passcode": _flag,
    **dict.fromkeys(CONDITIONS, _words),
    "domains": _domains,
    "hours": _hours,
    "expires_at": _moment,
    "people_max": _count(1),
    "late_minutes": _count(0),
    "chat_days": _count(0),
    **dict.fromkeys(AUDIENCES, Audience),
    "imposed_names": _flag,
    "attendance_days": _count(0),
    "encryption_mode": EncryptionMode,
}
