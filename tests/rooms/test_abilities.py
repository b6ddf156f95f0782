"""Who may do what in a room: every row of the table."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from visio.rooms import rules
from visio.rooms.abilities import Action, Person, RoomFacts, abilities, decide
from visio.rooms.policy import OWN, Layer, Rule, settle
from visio.rooms.roles import AccessLevel, Audience, Outsiders, Role
from visio.rooms.terms import Hours, Terms

MONDAY_NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def facts(level: AccessLevel = AccessLevel.PUBLIC, **terms: Any) -> RoomFacts:
    """Give a room that asks these terms itself, on a Monday at noon."""
    return RoomFacts(settle([Layer(OWN, Terms(access_level=level, **terms))]), MONDAY_NOON)


SOMEBODY = uuid.UUID(int=1)
PEOPLE = {
    "owner": Person(SOMEBODY, Role.OWNER),
    "host": Person(SOMEBODY, Role.HOST),
    "member": Person(SOMEBODY, Role.MEMBER),
    "stranger": Person(SOMEBODY),
    "guest": Person(),
    "disabled owner": Person(SOMEBODY, Role.OWNER, is_active=False),
}
ENTERING = [
    ("public", "owner", "yes", "public"),
    ("public", "host", "yes", "public"),
    ("public", "member", "yes", "public"),
    ("public", "stranger", "yes", "public"),
    ("public", "guest", "yes", "public"),
    ("public", "disabled owner", "no", "account_disabled"),
    ("trusted", "owner", "yes", "members_enter"),
    ("trusted", "host", "yes", "members_enter"),
    ("trusted", "member", "yes", "members_enter"),
    ("trusted", "stranger", "yes", "signed_in"),
    ("trusted", "guest", "waits", "signed_in"),
    ("trusted", "disabled owner", "no", "account_disabled"),
    ("restricted", "owner", "yes", "members_enter"),
    ("restricted", "host", "yes", "members_enter"),
    ("restricted", "member", "yes", "members_enter"),
    ("restricted", "stranger", "waits", "restricted"),
    ("restricted", "guest", "waits", "restricted"),
    ("restricted", "disabled owner", "no", "account_disabled"),
]
ALLOWED_TO = {
    Action.READ: {"owner", "host", "member", "stranger", "guest"},
    Action.USE_MICROPHONE: {"owner", "host", "member", "stranger", "guest"},
    Action.USE_CAMERA: {"owner", "host", "member", "stranger", "guest"},
    Action.SHARE_SCREEN: {"owner", "host", "member", "stranger", "guest"},
    Action.CHAT: {"owner", "host", "member", "stranger", "guest"},
    Action.WRITE_NOTES: {"owner", "host", "member", "stranger", "guest"},
    Action.INVITE: {"owner", "host", "member"},
    Action.READ_ATTENDANCE: {"owner", "host"},
    Action.MODERATE: {"owner", "host"},
    Action.UPDATE: {"owner", "host"},
    Action.CLOSE: {"owner", "host"},
    Action.MANAGE_MEMBERS: {"owner", "host"},
    Action.MANAGE_OWNERS: {"owner"},
    Action.DESTROY: {"owner"},
    Action.LEAVE: {"owner", "host", "member"},
}
RULE_OF = {
    Action.READ: "link",
    Action.USE_MICROPHONE: "everybody",
    Action.USE_CAMERA: "everybody",
    Action.SHARE_SCREEN: "everybody",
    Action.CHAT: "everybody",
    Action.WRITE_NOTES: "everybody",
    Action.INVITE: "members_only",
    Action.READ_ATTENDANCE: "hosts_only",
    Action.MODERATE: "hosts_only",
    Action.UPDATE: "hosts_only",
    Action.CLOSE: "hosts_only",
    Action.MANAGE_MEMBERS: "hosts_only",
    Action.MANAGE_OWNERS: "owners_only",
    Action.DESTROY: "owners_only",
    Action.LEAVE: "members_only",
}
EVERYTHING = list(product(AccessLevel, PEOPLE.values()))


@pytest.mark.parametrize(("level", "who", "answer", "rule"), ENTERING)
@pytest.mark.parametrize("action", [Action.ENTER])
def test_entering(action: Action, level: str, who: str, answer: str, rule: str) -> None:
    decision = decide(action, facts(AccessLevel(level)), PEOPLE[who])
    assert (decision.allowed, decision.waits, decision.rule.code) == (answer == "yes", answer == "waits", rule)


@pytest.mark.parametrize("level", AccessLevel)
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("action", ALLOWED_TO)
def test_managing(action: Action, who: str, level: AccessLevel) -> None:
    decision = decide(action, facts(level), PEOPLE[who])
    assert decision.allowed is (who in ALLOWED_TO[action])
    assert not decision.waits
    assert decision.rule.code == ("account_disabled" if who == "disabled owner" else RULE_OF[action])


@pytest.mark.parametrize(("level", "person"), EVERYTHING)
def test_every_action_has_a_decision(level: AccessLevel, person: Person) -> None:
    assert set(abilities(facts(level), person)) == set(Action)


@pytest.mark.parametrize(("level", "person"), EVERYTHING)
def test_nobody_both_enters_and_waits(level: AccessLevel, person: Person) -> None:
    assert not any(decision.allowed and decision.waits for decision in abilities(facts(level), person).values())


@pytest.mark.parametrize("level", AccessLevel)
def test_a_higher_role_never_loses_an_ability(level: AccessLevel) -> None:
    ladder = [PEOPLE[who] for who in ("guest", "stranger", "member", "host", "owner")]
    allowed = [{a for a, d in abilities(facts(level), person).items() if d.allowed} for person in ladder]
    assert all(lower <= higher for lower, higher in pairwise(allowed))


@pytest.mark.parametrize("person", PEOPLE.values())
def test_an_opener_level_never_shuts_anybody_out(person: Person) -> None:
    enters = [decide(Action.ENTER, facts(level), person).allowed for level in reversed(AccessLevel)]
    assert enters == sorted(enters)


@pytest.mark.parametrize("rule", rules.RULES)
def test_every_rule_explains_itself(rule: Rule) -> None:
    assert str(rule.sentence).endswith(".")
    assert str(rule.changed_by).endswith(".")


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)


BOB = Person(SOMEBODY, siret="11000001500013", domain="interieur.example", provider="agents", assurance="eidas2")


def entering(person: Person, **terms: Any) -> tuple[str, str]:
    """Say what happens at the door of a trusted room that asks these terms, and by which rule."""
    decision = decide(Action.ENTER, facts(AccessLevel.TRUSTED, **terms), person)
    outcome = "enters" if decision.allowed else "waits" if decision.waits else "refused"
    return outcome, decision.rule.code


@pytest.mark.parametrize(
    ("term", "fits", "differs"),
    [
        ("sirets", "11000001500013", "11000001500999"),
        ("domains", "interieur.example", "finances.example"),
        ("providers", "agents", "others"),
        ("assurances", "eidas2", "eidas3"),
    ],
)
def test_only_certain_people_enter_directly(term: str, fits: str, differs: str) -> None:
    assert entering(BOB, **{term: frozenset({fits, differs})}) == ("enters", "signed_in")
    assert entering(BOB, **{term: frozenset({differs})}) == ("waits", "not_among")
    assert entering(replace(BOB, role=Role.MEMBER), **{term: frozenset({differs})}) == ("enters", "members_enter")


def test_a_claimed_role_lets_in() -> None:
    asked = frozenset({"agent_public_etat"})
    assert entering(BOB, claim_roles=asked) == ("waits", "not_among")
    assert entering(replace(BOB, claim_roles=asked | {"other"}), claim_roles=asked) == ("enters", "signed_in")


def test_conditions_hold_in_a_public_room_too() -> None:
    decision = decide(Action.ENTER, facts(AccessLevel.PUBLIC, domains=frozenset({"finances.example"})), Person())
    assert (decision.allowed, decision.waits) == (False, True)


def test_outsiders_may_be_refused() -> None:
    assert entering(Person(), outsiders=Outsiders.REFUSE) == ("refused", "outsiders_refused")


def test_no_guests() -> None:
    assert entering(Person(), guests=False) == ("refused", "no_guests")
    assert entering(BOB, guests=False) == ("enters", "signed_in")


def test_a_guest_whom_a_host_admitted_enters_but_not_against_the_policy() -> None:
    admitted = Person(is_admitted=True)
    assert entering(admitted) == ("enters", "admitted")
    assert entering(admitted, guests=False) == ("refused", "no_guests")


def test_the_passcode() -> None:
    assert entering(BOB, passcode=True) == ("refused", "passcode")
    assert entering(replace(BOB, has_passcode=True), passcode=True) == ("enters", "signed_in")
    assert entering(replace(BOB, role=Role.MEMBER), passcode=True) == ("enters", "members_enter")


@pytest.mark.parametrize(
    ("hours", "answer"),
    [
        (Hours(frozenset({1}), time(8), time(18)), "enters"),
        (Hours(frozenset({2}), time(8), time(18)), "refused"),
        (Hours(frozenset({1}), time(8), time(12)), "refused"),
        (Hours(frozenset({1}), time(12), time(18)), "enters"),
    ],
)
def test_opening_hours(hours: Hours, answer: str) -> None:
    assert entering(BOB, hours=(hours,))[0] == answer
    assert entering(replace(BOB, role=Role.HOST), hours=(hours,))[0] == "enters"
    assert entering(replace(BOB, is_inside=True), hours=(hours,))[0] == "enters"


def test_the_link_ends() -> None:
    assert entering(BOB, expires_at=MONDAY_NOON) == ("refused", "expired")
    assert entering(BOB, expires_at=MONDAY_NOON + timedelta(seconds=1))[0] == "enters"


def test_who_comes_late_waits() -> None:
    room = replace(facts(AccessLevel.TRUSTED, late_minutes=10), began_at=MONDAY_NOON - timedelta(minutes=11))
    assert decide(Action.ENTER, room, BOB).rule.code == "late"
    assert decide(Action.ENTER, room, replace(BOB, role=Role.OWNER)).allowed
    assert decide(Action.ENTER, replace(room, began_at=MONDAY_NOON - timedelta(minutes=9)), BOB).allowed
    assert decide(Action.ENTER, replace(room, began_at=None), BOB).allowed


def test_a_locked_room() -> None:
    room = replace(facts(), is_locked=True)
    for person in (PEOPLE["member"], PEOPLE["stranger"], PEOPLE["guest"]):
        decision = decide(Action.ENTER, room, person)
        assert (decision.allowed, decision.waits, decision.rule.code) == (False, True, "locked")
        assert decide(Action.ENTER, room, replace(person, is_inside=True)).allowed
    assert decide(Action.ENTER, room, PEOPLE["host"]).allowed


def test_in_a_frozen_room_those_wait_too_whom_a_host_had_admitted() -> None:
    room = replace(facts(), is_frozen=True)
    for person in (PEOPLE["member"], Person(is_admitted=True)):
        decision = decide(Action.ENTER, room, person)
        assert (decision.allowed, decision.waits, decision.rule.code) == (False, True, "frozen")
        assert decide(Action.ENTER, room, replace(person, is_inside=True)).allowed
    assert decide(Action.ENTER, room, PEOPLE["host"]).allowed


def test_who_is_banned_stays_out_but_hosts_do_not_ban_hosts() -> None:
    assert decide(Action.ENTER, facts(), Person(is_banned=True, is_admitted=True)).rule.code == "banned"
    assert decide(Action.ENTER, facts(), replace(PEOPLE["host"], is_banned=True)).allowed


@pytest.mark.parametrize(
    ("term", "action"),
    [
        ("microphone", Action.USE_MICROPHONE),
        ("camera", Action.USE_CAMERA),
        ("screen", Action.SHARE_SCREEN),
        ("chat", Action.CHAT),
        ("record", Action.RECORD),
        ("transcribe", Action.TRANSCRIBE),
    ],
)
@pytest.mark.parametrize(
    ("audience", "allowed"),
    [
        (Audience.EVERYBODY, {"owner", "host", "member", "stranger", "guest"}),
        (Audience.MEMBERS, {"owner", "host", "member"}),
        (Audience.HOSTS, {"owner", "host"}),
        (Audience.NOBODY, set()),
    ],
)
def test_audiences(term: str, action: Action, audience: Audience, allowed: set[str]) -> None:
    room = facts(AccessLevel.PUBLIC, **{term: audience})
    assert {who for who, person in PEOPLE.items() if decide(action, room, person).allowed} == allowed


@pytest.mark.parametrize(
    ("who", "terms", "counts", "sees"),
    [
        ("member", {}, True, True),
        ("stranger", {}, True, True),
        ("guest", {}, True, False),
        ("stranger", {"people_shown": Audience.MEMBERS}, False, False),
        ("member", {"people_shown": Audience.MEMBERS}, True, True),
        ("member", {"people_shown": Audience.HOSTS}, False, False),
        ("owner", {"people_shown": Audience.NOBODY}, False, False),
    ],
)
def test_who_sees_who_is_inside(who: str, terms: dict[str, Any], *, counts: bool, sees: bool) -> None:
    room, person = facts(**terms), PEOPLE[who]
    assert decide(Action.COUNT_PEOPLE, room, person).allowed is counts
    assert decide(Action.SEE_PEOPLE, room, person).allowed is sees


@pytest.mark.parametrize("action", [Action.COUNT_PEOPLE, Action.SEE_PEOPLE])
def test_who_must_wait_sees_nobody(action: Action) -> None:
    decision = decide(action, facts(AccessLevel.RESTRICTED), PEOPLE["stranger"])
    assert (decision.allowed, decision.waits, decision.rule.code) == (False, False, "restricted")
