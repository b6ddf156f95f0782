"""Groups of a meeting: who is spread where, who may enter, and that rules, members and visits are the main room's."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms import breakouts, guests, places, tickets
from visio.rooms.abilities import OF_MAIN_ROOM, Action, Person, RoomFacts, decide
from visio.rooms.models import Breakouts, Member, Place, Room, Visit
from visio.rooms.policy import OWN, Layer, settle
from visio.rooms.roles import AccessLevel, Role
from visio.rooms.terms import Terms
from visio.rooms.visits import State

GROUP = RoomFacts(settle([Layer(OWN, Terms(access_level=AccessLevel.PUBLIC))]), is_group=True, is_open=True)


def chance(seed: int) -> random.Random:
    """Give a chance that is the same each time."""
    return random.Random(seed)  # noqa: S311  (no secret)


# --- pure --------------------------------------------------------------------------------------------------


@given(st.sets(st.text(min_size=1), max_size=60), st.integers(2, 50), st.integers())
def test_everybody_is_spread_evenly(people: set[str], count: int, seed: int) -> None:
    found = breakouts.spread(sorted(people), dict.fromkeys(range(count), 0), chance(seed))
    assert found.keys() == people
    sizes = Counter(dict.fromkeys(range(count), 0) | Counter(found.values()))
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_who_has_a_place_is_counted() -> None:
    found = breakouts.spread("abcd", {"full": 3, "empty": 0, "one": 1}, chance(1))
    assert Counter(found.values()) in ({"empty": 3, "one": 1}, {"empty": 2, "one": 2})


def test_chance_decides() -> None:
    many = [breakouts.spread("ab", {1: 0, 2: 0}, chance(seed))["a"] for seed in range(20)]
    assert set(many) == {1, 2}


ENTERING: list[tuple[str, RoomFacts, Person, bool, str]] = [
    ("whose group it is", GROUP, Person(has_place=True), True, "public"),
    ("a stranger", GROUP, Person(), False, "other_group"),
    ("a member with another place", GROUP, Person(role=Role.MEMBER), False, "other_group"),
    ("a host", GROUP, Person(role=Role.HOST), True, "public"),
    ("a host of closed groups", replace(GROUP, is_open=False), Person(role=Role.HOST), False, "groups_closed"),
    ("somebody inside closed groups", replace(GROUP, is_open=False), Person(is_inside=True), False, "groups_closed"),
    ("banned, with a place", GROUP, Person(has_place=True, is_banned=True), False, "banned"),
    ("with a place, locked", replace(GROUP, is_locked=True), Person(has_place=True), True, "public"),
    (
        "back in the locked main room",
        replace(GROUP, is_group=False, is_locked=True),
        Person(has_place=True),
        True,
        "public",
    ),
    ("new in the locked main room", replace(GROUP, is_group=False, is_locked=True), Person(), False, "locked"),
]


@pytest.mark.parametrize(("who", "facts", "person", "allowed", "code"), ENTERING, ids=[row[0] for row in ENTERING])
def test_the_door(who: str, facts: RoomFacts, person: Person, allowed: bool, code: str) -> None:
    decision = decide(Action.ENTER, facts, person)
    assert (decision.allowed, decision.rule.code) == (allowed, code), who


@pytest.mark.parametrize("action", sorted(OF_MAIN_ROOM))
def test_a_group_is_run_from_the_main_room(action: Action) -> None:
    assert decide(action, GROUP, Person(role=Role.OWNER)).rule.code == "main_room"


# --- the database and the API --------------------------------------------------------------------------------


@pytest.fixture
def groups(room: Room) -> list[Room]:
    """Give two open groups of alice's room; bob belongs to the first."""
    Room.objects.filter(pk=room.pk).update(began_at=timezone.now())
    made = breakouts.make(room, 2, 0, may_choose=False)
    found = breakouts.groups_of(room)
    bob = room.members.get(role=Role.MEMBER).user
    breakouts.put(made, str(bob.pk), str(bob), found[0])
    assert breakouts.open_up(made, timezone.now())
    return found


def door(caller: Caller, room: Room, **query: str) -> tuple[str, str, bool]:
    """Give what the door says, by which rule, and whether there is a ticket."""
    body = body_of(caller.get(f"/rooms/{room.slug}/", **query))
    return body["entry"]["outcome"], body["entry"]["code"], "livekit" in body


def test_one_group_is_open_to_whose_place_it_is(
    groups: list[Room], alice: Caller, bob: Caller, charlie: Caller
) -> None:
    assert door(bob, groups[0]) == ("enter", "members_enter", True)
    assert door(bob, groups[1]) == ("refuse", "other_group", False)
    assert door(charlie, groups[0]) == ("refuse", "other_group", False)
    for group in groups:
        assert door(alice, group) == ("enter", "members_enter", True)


def test_closed_groups_are_closed_to_everybody(room: Room, groups: list[Room], alice: Caller, bob: Caller) -> None:
    assert breakouts.shut(room, and_return=True)
    assert not breakouts.shut(room, and_return=True)
    for caller in (alice, bob):
        assert door(caller, groups[0]) == ("refuse", "groups_closed", False)
        assert door(caller, room)[0] == "enter"


def test_groups_are_in_no_list(room: Room, groups: list[Room], alice: Caller, alice_user: User) -> None:
    Member.objects.create(room=groups[0], user=alice_user, role=Role.OWNER)  # whatever the database holds
    assert [found["id"] for found in body_of(alice.get("/rooms/"))["results"]] == [str(room.pk)]
    page = alice.client.get("/").content.decode()
    assert room.slug in page
    assert groups[0].slug not in page


def test_groups_have_no_settings_of_their_own(groups: list[Room], alice: Caller, bob_user: User) -> None:
    slug = groups[0].slug
    assert body_of(alice.patch(f"/rooms/{slug}/", {"access_level": "public"}))["code"] == "main_room"
    assert body_of(alice.delete(f"/rooms/{slug}/"))["code"] == "main_room"
    asked = {"resource": str(groups[0].pk), "user": str(bob_user.pk), "role": "member"}
    assert body_of(alice.post("/resource-accesses/", asked))["code"] == "main_room"
    for page in (f"/rooms/{slug}/settings/", f"/rooms/{slug}/delete/"):
        assert alice.client.get(page).status_code == 404


def test_the_page_of_a_group_leads_to_the_meeting(room: Room, groups: list[Room], bob: Caller) -> None:
    answer = bob.client.get(f"/{groups[0].slug}")
    assert (answer.status_code, answer["Location"]) == (302, f"/{room.slug}")


def test_rules_and_members_are_those_of_the_main_room(
    room: Room, groups: list[Room], bob: Caller, bob_user: User
) -> None:
    room.change(access_level=AccessLevel.RESTRICTED, terms={"microphone": "hosts"})
    group = Room.objects.get(pk=groups[0].pk)
    assert group.role_of(bob_user) == Role.MEMBER
    assert group.roles() == room.roles()
    body = body_of(bob.get(f"/rooms/{group.slug}/"))
    assert body["access_level"] == "restricted"
    assert not body["abilities"]["use_microphone"]["allowed"]
    Room.objects.filter(pk=room.pk).update(is_frozen=True)
    assert not body_of(bob.get(f"/rooms/{group.slug}/"))["abilities"]["chat"]["allowed"]


def test_a_guest_brings_admission_and_card_along(
    room: Room, groups: list[Room], dave: Caller, alice_user: User
) -> None:
    """One identity in the whole meeting, no second lobby, the card of the door."""
    assert door(dave, room, username="Dave")[0] == "wait"
    secret = guests.known({name: morsel.value for name, morsel in dave.client.cookies.items()})
    assert secret
    identity = guests.identity(secret, room.pk)
    Visit.ask(room, identity, None, "Dave", {"kind": "guest"})
    Visit.decide(room, [identity], State.ADMITTED, alice_user)
    assert door(dave, room, username="Dave")[0] == "enter"
    assert door(dave, groups[1], username="Dave")[0] == "refuse"
    made = Breakouts.objects.get()
    breakouts.put(made, identity, "Dave", groups[1])
    assert door(dave, groups[1], username="Dave") == ("enter", "admitted", True)
    assert attributes(dave, groups[1]) == attributes(dave, room)
    assert attributes(dave, groups[1])["admitted_by"] == str(alice_user)


def attributes(caller: Caller, room: Room) -> dict[str, Any]:
    """Give the card that a ticket to `room` has."""
    token = body_of(caller.get(f"/rooms/{room.slug}/", username="Dave"))["livekit"]["token"]
    found: dict[str, Any] = tickets.read(token, timezone.now()).grant.attributes
    return found


def test_who_comes_back_needs_no_lobby(room: Room, groups: list[Room], bob: Caller, bob_user: User) -> None:
    """Not even when the room was locked meanwhile, or has new groups; a minute later the lock counts again."""
    Room.objects.filter(pk=room.pk).update(is_locked=True)
    assert door(bob, room)[0] == "enter"
    breakouts.put(Breakouts.objects.get(), str(bob_user.pk), "Bob", None)
    assert door(bob, room)[0] == "enter"
    breakouts.shut(room, and_return=True)
    breakouts.make(room, 3, 0, may_choose=False)
    assert door(bob, room)[0] == "enter"
    Breakouts.objects.update(moved_at=timezone.now() - places.MOVING_MAX)
    assert door(bob, room) == ("wait", "locked", False)


def test_one_place_a_person(room: Room, groups: list[Room], bob_user: User) -> None:
    made = Breakouts.objects.get()
    assert breakouts.put(made, str(bob_user.pk), "Bob", groups[1]) == groups[0]
    breakouts.put_all(made, [(str(bob_user.pk), "Bob", groups[0])])
    assert [place.group for place in Place.objects.all()] == [groups[0]]
    assert breakouts.put(made, str(bob_user.pk), "Bob", None) == groups[0]
    assert [place.group for place in Place.objects.all()] == [None]


def test_new_groups_take_the_place_of_the_former(room: Room, groups: list[Room]) -> None:
    breakouts.shut(room, and_return=True)
    breakouts.make(room, 12, 5, may_choose=True)
    names = [group.name for group in breakouts.groups_of(room)]
    assert names == [f"Group {number}" for number in range(1, 13)]
    assert not Place.objects.in_groups().exists()
    assert not Room.objects.filter(pk__in=[group.pk for group in groups]).exists()


def test_groups_go_with_their_room(room: Room, groups: list[Room]) -> None:
    room.delete()
    assert not Room.objects.exists()
