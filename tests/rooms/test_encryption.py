"""End-to-end encryption as a choice of the room: who decides, what it refuses, where it is told."""

from __future__ import annotations

import json
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import sign_in
from tests.rooms.callers import Caller, body_of
from visio.rooms import encryption, rules
from visio.rooms.abilities import Action, Person, decide
from visio.rooms.errors import UnderwayError
from visio.rooms.models import OrganizationPolicy, Room
from visio.rooms.policy import Level
from visio.rooms.roles import EncryptionMode, Role
from visio.rooms.standing import policy_of

pytestmark = pytest.mark.django_db

SIRET = "11000001500013"
BASIC, NONE = EncryptionMode.BASIC, EncryptionMode.NONE
OWNER = Person(role=Role.OWNER)


def service_asks(mode: EncryptionMode) -> override_settings:
    """Give a service whose rooms all have this encryption."""
    asked = {**json.loads(settings.ROOM_POLICY), "encryption_mode": mode.value}
    return override_settings(ROOM_POLICY=json.dumps(asked), ROOM_POLICY_CONTACT="help@service.example")


def test_it_works(room: Room, alice: Caller, dave: Caller) -> None:
    """Hosts choose it; everybody reads it."""
    assert body_of(dave.get(f"/rooms/{room.slug}/"))["encryption_mode"] == "none"
    changed = body_of(alice.patch(f"/rooms/{room.slug}/", {"encryption_mode": "basic"}))
    assert changed["encryption_mode"] == "basic"
    assert body_of(dave.get(f"/rooms/{room.slug}/"))["encryption_mode"] == "basic"


def test_a_member_may_not(room: Room, bob: Caller) -> None:
    answer = bob.patch(f"/rooms/{room.slug}/", {"encryption_mode": "basic"})
    assert (answer.status_code, body_of(answer)["code"]) == (403, "hosts_only")


def test_a_wrong_word(room: Room, alice: Caller) -> None:
    answer = alice.patch(f"/rooms/{room.slug}/", {"encryption_mode": "strong"})
    assert (answer.status_code, "encryption_mode" in body_of(answer)) == (400, True)


def test_it_is_made_with_the_room(alice: Caller) -> None:
    made = body_of(alice.post("/rooms/", {"name": "Secret", "encryption_mode": "basic"}))
    assert made["encryption_mode"] == "basic"


def test_not_while_people_are_inside(room: Room, alice: Caller) -> None:
    """Some would send encrypted and others not; what does not differ may be said again."""
    Room.objects.filter(pk=room.pk).update(began_at=timezone.now())
    answer = alice.patch(f"/rooms/{room.slug}/", {"encryption_mode": "basic"})
    assert (answer.status_code, body_of(answer)["code"]) == (400, "meeting_underway")
    assert alice.patch(f"/rooms/{room.slug}/", {"encryption_mode": "none", "name": "Team 2"}).status_code == 200


@pytest.mark.parametrize("column", ["sensitivity", "encryption_mode"])
def test_the_mode_that_holds_stays_while_people_are_inside(room: Room, column: str) -> None:
    """Whatever it comes from; what leaves it as it is may be changed, and a refusal leaves the room unchanged."""
    with override_settings(ROOM_POLICY_SENSITIVE='{"encryption_mode": "basic"}'):
        room.change(sensitivity="sensitive")
        Room.objects.filter(pk=room.pk).update(began_at=timezone.now())
        if column == "encryption_mode":
            room.change(encryption_mode=BASIC)
            room.change(sensitivity="ordinary")
        with pytest.raises(UnderwayError):
            room.change(name="Other", **{column: {"sensitivity": "ordinary", "encryption_mode": NONE}[column]})
        assert room.name == "Team"
        room.refresh_from_db()
        assert (room.name, encryption.of(room.facts.policy).is_on) == ("Team", True)


@pytest.mark.parametrize("action", [Action.RECORD, Action.TRANSCRIBE])
def test_what_the_service_cannot_do_then(room: Room, action: Action) -> None:
    """The refusal names the rule, and who can change it."""
    assert decide(action, room.facts, OWNER).allowed
    room.change(encryption_mode=BASIC)
    decision = decide(action, room.facts, OWNER)
    assert (decision.allowed, decision.rule, decision.source.level) == (False, rules.ENCRYPTED, Level.ROOM)
    assert "An owner or a host of the room can change this." in decision.explanation


def test_the_service_may_require_it(room: Room) -> None:
    with service_asks(BASIC):
        found, decision = encryption.of(room.facts.policy), decide(Action.RECORD, room.facts, OWNER)
    assert (found.mode, found.is_on) == (BASIC, True)
    assert found.why == "This service asks it. Contact: help@service.example."
    assert (decision.rule, decision.source.level) == (rules.ENCRYPTED, Level.INSTANCE)


def test_the_service_may_forbid_it(room: Room) -> None:
    room.change(encryption_mode=BASIC)
    with service_asks(NONE):
        assert (encryption.of(room.facts.policy).mode, encryption.of(room.facts.policy).why != "") == (NONE, True)
        assert decide(Action.RECORD, room.facts, OWNER).allowed


def test_the_organisation_may_require_it(room: Room) -> None:
    """The people of the room read whose rule it is."""
    Room.objects.filter(pk=room.pk).update(siret=SIRET)
    room.refresh_from_db()
    OrganizationPolicy.objects.create(code=SIRET, name="Ministry", terms={"encryption_mode": "basic"})
    assert encryption.of(room.facts.policy).is_on
    assert encryption.of(room.facts.policy).why.startswith("Ministry asks it of its rooms.")


def test_a_group_is_as_its_main_room(room: Room) -> None:
    """Who moves to a breakout room keeps the key."""
    room.change(encryption_mode=BASIC)
    group = Room.objects.create(parent=room, name="Group 1")
    assert encryption.of(group.facts.policy).is_on


def test_the_form(room: Room, alice_user: User, client: Client) -> None:
    sign_in(client, alice_user)
    page = f"/rooms/{room.slug}/settings/"
    answer = client.post(f"/rooms/{room.slug}/encryption/", {"encryption_mode": "basic"}, follow=True)
    room.refresh_from_db()
    assert (answer.redirect_chain[-1][0], room.encryption_mode) == (page, "basic")
    assert b"The settings are saved." in answer.content
    assert b"js/pages/encrypted_link.js" in answer.content


def test_the_form_while_people_are_inside(room: Room, alice_user: User, client: Client) -> None:
    sign_in(client, alice_user)
    Room.objects.filter(pk=room.pk).update(began_at=timezone.now())
    answer = client.post(f"/rooms/{room.slug}/encryption/", {"encryption_mode": "basic"}, follow=True)
    assert b"Encryption can be changed when nobody is in the meeting any more." in answer.content
    room.refresh_from_db()
    assert room.encryption_mode == "none"


def test_the_form_is_for_hosts(room: Room, bob_user: User, client: Client) -> None:
    sign_in(client, bob_user)
    assert client.post(f"/rooms/{room.slug}/encryption/", {"encryption_mode": "basic"}).status_code == 404


def test_the_settings_say_who_has_decided(room: Room, alice_user: User, client: Client) -> None:
    """There is nothing to choose then."""
    sign_in(client, alice_user)
    with service_asks(BASIC):
        content = client.get(f"/rooms/{room.slug}/settings/").content.decode()
    assert "Contact: help@service.example." in content
    assert 'name="encryption_mode"' not in content


@pytest.mark.parametrize(("path", "times"), [("/{}", 1), ("/api/v1.0/rooms/{}/", 2)])
def test_the_policy_is_worked_out_seldom(
    room: Room, client: Client, monkeypatch: pytest.MonkeyPatch, path: str, times: int
) -> None:
    """By the page once; by the API once to say what holds, and once at the door."""
    counted = Mock(side_effect=policy_of)
    monkeypatch.setattr("visio.rooms.standing.policy_of", counted)
    assert client.get(path.format(room.slug)).status_code == 200
    assert counted.call_count == times


def test_the_page_before_the_call_says_it(room: Room, client: Client, bob_user: User) -> None:
    sign_in(client, bob_user)
    assert b'data-encryption="none"' in client.get(f"/{room.slug}").content
    room.change(encryption_mode=BASIC)
    content = client.get(f"/{room.slug}").content.decode()
    assert 'data-encryption="basic"' in content
    assert "This meeting is end-to-end encrypted" in content
    assert "it can neither record nor transcribe it" in content
