"""The policy over the REST API: terms, class, passcode, and abilities that explain themselves."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.rooms.callers import Caller, body_of
from visio.rooms import tickets
from visio.rooms.models import OrganizationPolicy, Room


def test_it_works(room: Room, alice: Caller) -> None:
    asked = {"sensitivity": "sensitive", "terms": {"chat": "hosts", "people_max": 12}, "passcode": "ouistiti"}
    found = body_of(alice.patch(f"/rooms/{room.slug}/", asked))
    assert (found["sensitivity"], found["terms"]) == ("sensitive", {"chat": "hosts", "people_max": 12})
    assert "passcode" not in found
    room.refresh_from_db()
    assert room.opens_with("ouistiti")
    found = body_of(alice.patch(f"/rooms/{room.slug}/", {"terms": {"chat": None}}))
    assert found["terms"] == {"people_max": 12}


@pytest.mark.parametrize("terms", [{"gests": False}, {"people_max": -1}, "chat", {"chat": "loud"}])
def test_terms_that_cannot_be_read(room: Room, alice: Caller, terms: object) -> None:
    response = alice.patch(f"/rooms/{room.slug}/", {"terms": terms})
    assert response.status_code == 400
    room.refresh_from_db()
    assert room.terms == {}


def test_a_refusal_carries_rule_level_and_who_can_change_it(room: Room, bob: Caller) -> None:
    room.change(sensitivity="sensitive")
    with override_settings(ROOM_POLICY_CONTACT="help@visio.example"):
        found = body_of(bob.get(f"/rooms/{room.slug}/"))["abilities"]["record"]
    assert found == {
        "allowed": False,
        "code": "record",
        "detail": "You cannot record here.",
        "level": "instance",
        "set_by": "This service asks it of rooms of the class “sensitive”.",
        "changed_by": "Contact: help@visio.example.",
    }


def test_the_door_says_which_level_refused(room: Room, dave: Caller) -> None:
    room.change(terms={"guests": False})
    found = body_of(dave.get(f"/rooms/{room.slug}/"))
    assert (found["entry"]["outcome"], found["entry"]["code"], found["entry"]["level"]) == (
        "refuse",
        "no_guests",
        "room",
    )
    assert "livekit" not in found


def test_the_door_says_who_set_the_rule(room: Room, dave: Caller) -> None:
    Room.objects.filter(pk=room.pk).update(siret="11000001500013")
    OrganizationPolicy.objects.create(code="110000015", name="Ministry", terms={"guests": False})
    assert "Ministry" in body_of(dave.get(f"/rooms/{room.slug}/"))["entry"]["set_by"]


def test_a_ticket_holds_what_the_policy_lets_one_send(room: Room, bob: Caller) -> None:
    room.change(terms={"screen": "hosts", "chat": "hosts"})
    grant = tickets.read(body_of(bob.get(f"/rooms/{room.slug}/"))["livekit"]["token"], timezone.now()).grant
    assert (grant.sources, grant.can_publish, grant.can_publish_data) == (("microphone", "camera"), True, False)
    room.change(terms={"microphone": "nobody", "camera": "hosts"})
    grant = tickets.read(body_of(bob.get(f"/rooms/{room.slug}/"))["livekit"]["token"], timezone.now()).grant
    assert (grant.sources, grant.can_publish) == ((), False)


def test_names_are_imposed_unless_the_service_lets_people_choose(room: Room, bob: Caller) -> None:
    path = f"/rooms/{room.slug}/"
    token = body_of(bob.get(path, username="Bobby"))["livekit"]["token"]
    assert tickets.read(token, timezone.now()).grant.name == "Bob Test"
    with override_settings(ROOM_POLICY="{}"):
        token = body_of(bob.get(path, username="Bobby"))["livekit"]["token"]
    assert tickets.read(token, timezone.now()).grant.name == "Bobby"
    with override_settings(ROOM_POLICY="{}"):
        room.change(terms={"imposed_names": True})
        token = body_of(bob.get(path, username="Bobby"))["livekit"]["token"]
    assert tickets.read(token, timezone.now()).grant.name == "Bob Test"


def test_only_owners_and_hosts_see_the_terms(room: Room, bob: Caller) -> None:
    assert not {"terms", "sensitivity"} & body_of(bob.get(f"/rooms/{room.slug}/")).keys()
    assert bob.patch(f"/rooms/{room.slug}/", {"terms": {}}).status_code == 403
