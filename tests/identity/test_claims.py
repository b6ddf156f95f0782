"""From claims to a person."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suite.identity import claims
from suite.identity.claims import ClaimNames


def test_it_works() -> None:
    person = claims.person(
        {
            "given_name": "Jeanne Marie",
            "usual_name": "Le Gall",
            "email": "jeanne@agents.example",
            "email_verified": True,
            "siret": "130 025 265 00013",
            "organization_label": "DINUM",
            "organizational_unit": " DINUM/DLF ",
            "idp_id": "71144ab3",
            "roles": ["agent_public", "agent_public_etat", "agent_public"],
            "groups": "staff",
        },
        ClaimNames(),
    )
    assert person == claims.Person(
        given_name="Jeanne",
        usual_name="Le Gall",
        email="jeanne@agents.example",
        email_verified=True,
        siret="13002526500013",
        organization_label="DINUM",
        organizational_unit="DINUM/DLF",
        idp_id="71144ab3",
        roles=("agent_public", "agent_public_etat"),
        groups=("staff",),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13002526500013", "13002526500013"),
        (" 130 025 265 00013 ", "13002526500013"),
        ("130", ""),
        ("1300252650001a", ""),
        ("\u0661" * 14, ""),
        (13002526500013, ""),
        (None, ""),
    ],
)
def test_siret(value: Any, expected: str) -> None:
    assert claims.siret(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Jean-Pierre Paul", "Jean-Pierre"), ("Marie", "Marie"), ("", "")],
)
def test_first_of_several_given_names(value: str, expected: str) -> None:
    assert claims.first_given_name(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.example", "a@b.example"),
        (" a@b.example ", "a@b.example"),
        ("a@b.example\n", "a@b.example"),
        ("no address", ""),
        (None, ""),
        (["a@b.example"], ""),
        ("a" * 250 + "@b.example", ""),
    ],
)
def test_email(value: Any, expected: str) -> None:
    assert claims.email(value) == expected


@pytest.mark.parametrize("value", ["true", 1, "yes", None])
def test_only_true_verifies_an_email(value: Any) -> None:
    assert not claims.person({"email": "a@b.example", "email_verified": value}, ClaimNames()).email_verified


def test_names_of_other_providers() -> None:
    names = ClaimNames(full_name=["given_name", "family_name"], roles="realm_roles", groups="teams")
    found = {"given_name": "Ada", "family_name": "Lovelace", "realm_roles": ["x"], "teams": ["y"], "roles": ["z"]}
    person = claims.person(found, names)
    assert (person.given_name, person.usual_name, person.roles, person.groups) == ("Ada", "Lovelace", ("x",), ("y",))


def test_full_name_when_there_is_nothing_else() -> None:
    assert claims.person({"name": "Ada Lovelace"}, ClaimNames()).usual_name == "Ada Lovelace"


def test_a_name_cannot_turn_the_line_around() -> None:
    assert claims.line("Ada\u202e\x00 \n Lovelace\u200b") == "Ada Lovelace"


def test_missing() -> None:
    assert claims.missing({"a": "x", "b": "", "c": []}, ["a", "b", "c", "d"]) == ["b", "c", "d"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("given_name", "usual_name", "name", "email", "siret", "organization_label", "idp_id", "roles", "groups")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_shape_of_claim_fits_the_table(found: dict[str, Any]) -> None:
    person = claims.person(found, ClaimNames())
    texts = [
        person.given_name,
        person.usual_name,
        person.email,
        person.organization_label,
        person.idp_id,
        *person.roles,
    ]
    assert all(len(text) <= 255 and "\x00" not in text for text in texts)
