"""How levels add up to one policy: properties that hold for whatever they ask."""

from __future__ import annotations

import dataclasses
import uuid
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from visio.rooms import rules, terms
from visio.rooms.abilities import Action, Person, RoomFacts, abilities, decide
from visio.rooms.policy import BY_ROLE, OWN, Decision, Layer, Level, Source, settle
from visio.rooms.roles import AccessLevel, Audience, EncryptionMode, Outsiders, Role, Sensitivity
from visio.rooms.terms import NAMES, Hours, Terms, tightened

WORDS = st.frozensets(st.sampled_from(["a.example", "b.example", "c.example"]), max_size=3)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
HOURS = st.builds(
    Hours,
    st.frozensets(st.integers(1, 7), min_size=1),
    st.sampled_from([time(6), time(8)]),
    st.sampled_from([time(17), time(20)]),
)
TERM_VALUES: dict[str, st.SearchStrategy[Any]] = dict(
    access_level=st.none() | st.sampled_from(AccessLevel),
    sensitivity=st.none() | st.sampled_from(Sensitivity),
    outsiders=st.none() | st.sampled_from(Outsiders),
    guests=st.none() | st.booleans(),
    passcode=st.none() | st.booleans(),
    sirets=st.none() | WORDS,
    domains=st.none() | WORDS,
    providers=st.none() | WORDS,
    assurances=st.none() | WORDS,
    claim_roles=st.none() | WORDS,
    hours=st.none() | st.lists(HOURS, max_size=2, unique=True).map(tuple),
    expires_at=st.none() | MOMENTS,
    people_max=st.none() | st.integers(1, 500),
    late_minutes=st.none() | st.integers(0, 60),
    chat_days=st.none() | st.integers(0, 400),
    imposed_names=st.none() | st.booleans(),
    attendance_days=st.none() | st.integers(0, 400),
    encryption_mode=st.none() | st.sampled_from(EncryptionMode),
    **{name: st.none() | st.sampled_from(Audience) for name in terms.AUDIENCES},
)
TERMS = st.builds(Terms, **TERM_VALUES)
SOURCES = (Source(Level.INSTANCE), Source(Level.ORGANIZATION, "Ministry"), OWN)
STACKS = st.tuples(TERMS, TERMS, TERMS).map(lambda given: [Layer(*pair) for pair in zip(SOURCES, given, strict=True)])
PERSON_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "user_id": st.none() | st.just(uuid.UUID(int=1)),
    "role": st.none() | st.sampled_from(Role),
    "siret": st.sampled_from(["", "a.example"]),
    "domain": st.sampled_from(["", "a.example", "b.example"]),
    "provider": st.sampled_from(["", "a.example"]),
    "assurance": st.sampled_from(["", "a.example"]),
    "claim_roles": WORDS,
    "is_admitted": st.booleans(),
    "has_role_for_now": st.booleans(),
    "is_active": st.booleans(),
    "has_passcode": st.booleans(),
    "is_banned": st.booleans(),
    "is_put_out": st.booleans(),
    "denied": st.frozensets(st.sampled_from(["microphone", "camera", "screen", "chat"])),
    "is_inside": st.booleans(),
    "has_time": st.booleans(),
    "has_place": st.booleans(),
}
PEOPLE = st.builds(Person, **PERSON_VALUES)
MOMENT_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "now": MOMENTS,
    "began_at": st.none() | MOMENTS,
    **dict.fromkeys(("is_locked", "is_frozen", "is_group", "is_open"), st.booleans()),
}
MOMENTS_OF_ROOMS = st.fixed_dictionaries(MOMENT_VALUES)


def test_the_generators_make_all_there_is() -> None:
    """What is new in the policy is tried here, too."""
    for kind, made in ((Terms, TERM_VALUES), (Person, PERSON_VALUES), (RoomFacts, {"policy": STACKS, **MOMENT_VALUES})):
        assert made.keys() == {field.name for field in dataclasses.fields(kind)}


def openness(decision: Decision) -> int:
    """Rank what happens to somebody: refused, waits, allowed."""
    return 2 if decision.allowed else int(decision.waits)


@given(STACKS, TERMS, PEOPLE, MOMENTS_OF_ROOMS)
def test_a_lower_level_can_only_tighten(
    stack: list[Layer], lower: Terms, person: Person, moment: dict[str, Any]
) -> None:
    """Whatever a further level asks, nobody may do more than before."""
    before = abilities(RoomFacts(settle(stack), **moment), person)
    after = abilities(RoomFacts(settle([*stack, Layer(OWN, lower)]), **moment), person)
    for action in Action:
        assert openness(after[action]) <= openness(before[action]), action


@given(STACKS)
def test_the_policy_is_as_tight_as_each_level(stack: list[Layer]) -> None:
    """Adding a level once more changes nothing: it is in there already."""
    whole = settle(stack)
    for layer in stack:
        for name in NAMES:
            value = getattr(whole.terms, name)
            assert tightened(name, value, getattr(layer.terms, name)) == value


@given(STACKS)
def test_what_is_limited_has_a_source_that_asked_for_it(stack: list[Layer]) -> None:
    """The level that is named did ask something of that term."""
    whole = settle(stack)
    asked = {layer.source: layer.terms for layer in stack}
    for name in NAMES:
        assert (name in whole.sources) == (getattr(whole.terms, name) is not None)
    assert all(getattr(asked[source], name) is not None for name, source in whole.sources.items())


@given(STACKS, PEOPLE, MOMENTS_OF_ROOMS)
def test_every_refusal_explains_itself(stack: list[Layer], person: Person, moment: dict[str, Any]) -> None:
    """It has a code, a sentence, a level, and somebody who can change it."""
    for decision in abilities(RoomFacts(settle(stack), **moment), person).values():
        assert decision.rule in rules.RULES
        assert decision.source.level in Level
        assert decision.changed_by.endswith(".")
        assert str(decision.rule.sentence) in decision.explanation


@given(TERMS)
def test_terms_are_written_and_read(one: Terms) -> None:
    """What is kept as JSON says the same when it is read."""
    assert terms.read(terms.write(one)) == one


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
@pytest.mark.parametrize("name", NAMES)
def test_strange_terms_are_an_error_and_nothing_else(name: str, value: object) -> None:
    """Any JSON is either read or refused by name."""
    read = Terms()
    with suppress(terms.TermsError):
        read = terms.read({name: value})
    assert terms.read(terms.write(read)) == read


def test_unknown_terms_are_refused() -> None:
    """A word with a slip must not open a room."""
    with pytest.raises(terms.TermsError):
        terms.read({"gests": False})
    with pytest.raises(terms.TermsError):
        terms.read([])


def test_the_refusal_of_the_issue() -> None:
    """ "You cannot record: your ministry does not allow it in sensitive rooms. Contact …" """
    ministry = Source(Level.ORGANIZATION, "The Ministry", "security@ministry.example", Sensitivity.SENSITIVE)
    facts = RoomFacts(settle([Layer(ministry, Terms(record=Audience.NOBODY))]))
    decision = decide(Action.RECORD, facts, Person(uuid.UUID(int=1), Role.OWNER))
    assert decision.explanation == (
        "You cannot record here. The Ministry asks it of rooms of the class “sensitive”. "
        "Contact: security@ministry.example."
    )
    with translation.override("fr"):
        assert "security@ministry.example" in decision.explanation
        assert "sensible" in decision.explanation


def test_a_role_that_refuses_says_who_may_change_it() -> None:
    """What no level set is decided by the role."""
    decision = decide(Action.DESTROY, RoomFacts(), Person(uuid.UUID(int=1), Role.MEMBER))
    assert (decision.source, decision.changed_by) == (BY_ROLE, "An owner of the room can change this.")
