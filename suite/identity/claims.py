"""From a provider's claims to what we keep of a person: pure, and nothing in here trusts the shape of a claim."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 255


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Under which names the provider sends what differs between providers."""

    full_name: Sequence[str] = ("given_name", "usual_name")
    roles: str = "roles"
    groups: str = "groups"


@dataclass(frozen=True, slots=True)
class Person:
    """What a provider says of a person, cleaned."""

    given_name: str
    usual_name: str
    email: str
    email_verified: bool
    siret: str
    organization_label: str
    organizational_unit: str
    idp_id: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]


def person(claims: Mapping[str, Any], names: ClaimNames) -> Person:
    """Give the person that verified `claims` describe; what is missing or unusable is empty."""
    first, *others = names.full_name or ("given_name",)
    given_name = first_given_name(line(claims.get(first)))
    usual_name = " ".join(filter(None, (line(claims.get(name)) for name in others)))
    if not given_name and not usual_name:
        usual_name = line(claims.get("name"))
    return Person(
        given_name=given_name,
        usual_name=usual_name[:LONGEST],
        email=email(claims.get("email")),
        email_verified=claims.get("email_verified") is True,
        siret=siret(claims.get("siret")),
        organization_label=line(claims.get("organization_label")),
        organizational_unit=line(claims.get("organizational_unit")),
        idp_id=line(claims.get("idp_id")),
        roles=words(claims.get(names.roles)),
        groups=words(claims.get(names.groups)),
    )


def line(value: Any) -> str:
    """Give `value` as one clean line of at most 255 characters; nothing when it is no text."""
    if not isinstance(value, str):
        return ""
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in value)
    return " ".join(unicodedata.normalize("NFC", visible).split())[:LONGEST]


def first_given_name(names: str) -> str:
    """Give the first of several given names; ProConnect sends all of them, with spaces between."""
    return names.split(" ", 1)[0]


def email(value: Any) -> str:
    """Give a valid e-mail address or nothing."""
    address = line(value)
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def siret(value: Any) -> str:
    """Give the 14 digits of an establishment number, which is often written with spaces, or nothing."""
    digits = "".join(value.split()) if isinstance(value, str) else ""
    return digits if len(digits) == 14 and digits.isascii() and digits.isdigit() else ""


def words(value: Any) -> tuple[str, ...]:
    """Give the texts of a list claim, each once; a single text counts as a list of one."""
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(filter(None, (line(word) for word in listed))))[:100]


def missing(claims: Mapping[str, Any], essential: Sequence[str]) -> list[str]:
    """Give the `essential` claims that the provider did not send or sent empty."""
    return [name for name in essential if claims.get(name) in (None, "", [])]
