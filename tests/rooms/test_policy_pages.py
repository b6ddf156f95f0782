"""The pages of a room's rules: the form, the passcode, the dry run, and what a visitor is told."""

from __future__ import annotations

import html
import re
from datetime import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from tests.live.meeting import enter
from visio.rooms import terms
from visio.rooms.models import OrganizationPolicy, Room
from visio.rooms.roles import AccessLevel, Audience, Role
from visio.rooms.terms import AUDIENCES
from visio.rooms.visits import Visit

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "sensitivity": "ordinary",
    "guests": "on",
    "outsiders": "wait",
    **dict.fromkeys(AUDIENCES, "everybody"),
}


@pytest.fixture
def page(client: Client, room: Room, alice_user: User) -> str:
    """Give the address of the rules; `client` is alice's browser."""
    sign_in(client, alice_user)
    return f"/rooms/{room.slug}/policy/"


def own(room: Room) -> terms.Terms:
    """Give what the room asks by now."""
    room.refresh_from_db()
    return terms.read(room.terms)


def as_shown(client: Client, page: str) -> dict[str, Any]:
    """Give what the page says of what it shows, which a browser sends back."""
    found: dict[str, Any] = {}
    for tag in re.findall(r'<input type="hidden" name="initial-[^>]*>', client.get(page).text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    return found


def test_what_was_changed_elsewhere_meanwhile_stays(client: Client, page: str, room: Room) -> None:
    """Only what is other than the page showed is saved: no source is allowed again, no opening hours are lost."""
    hours = [{"days": [1], "from": "08:00", "to": "12:00"}, {"days": [1], "from": "14:00", "to": "18:00"}]
    room.change(terms={"hours": hours})
    opened = {"days": ["0"], "opens": "08:00", "closes": "12:00"} | as_shown(client, page)
    room.change(terms={"microphone": "hosts"}, sensitivity="sensitive")
    assert client.post(page, FORM | opened | {"chat": "members"}).status_code == 302
    found = own(room)
    assert (found.chat, found.microphone, room.sensitivity) == (Audience.MEMBERS, Audience.HOSTS, "sensitive")
    assert found.hours is not None
    assert len(found.hours) == 2


def test_it_works(client: Client, page: str, room: Room) -> None:
    assert client.get(page).status_code == 200
    changed = {"chat": "hosts", "domains": "a.example, B.example", "people_max": "12", "late_minutes": "0"}
    hours = {"days": ["0", "4"], "opens": "08:00", "closes": "18:30", "expires_at": "2027-01-01T10:00"}
    assert client.post(page, FORM | changed | hours).status_code == 302
    found = own(room)
    assert (found.chat, found.domains) == (Audience.HOSTS, frozenset({"a.example", "b.example"}))
    assert (found.people_max, found.late_minutes) == (12, 0)
    assert found.hours == (terms.Hours(frozenset({1, 5}), time(8), time(18, 30)),)
    shown = client.get(page)
    assert 'value="a.example, b.example"' in shown.text
    assert 'value="2027-01-01T10:00"' in shown.text
    client.post(page, FORM | as_shown(client, page))
    assert (own(room).domains, own(room).hours, own(room).expires_at) == (None, None, None)


def test_the_class_stays_when_encryption_would_change_in_a_meeting(client: Client, page: str, room: Room) -> None:
    with override_settings(ROOM_POLICY_SENSITIVE='{"encryption_mode": "basic"}'):
        room.change(sensitivity="sensitive")
        opened = as_shown(client, page)
        Room.objects.filter(pk=room.pk).update(began_at=timezone.now())
        answer = client.post(page, FORM | opened)
    assert answer.status_code == 400
    assert "Encryption can be changed when nobody is in the meeting any more." in answer.text
    room.refresh_from_db()
    assert room.sensitivity == "sensitive"


@pytest.mark.parametrize("wrong", [{"opens": "08:00"}, {"days": ["1"], "opens": "18:00", "closes": "08:00"}])
def test_half_an_opening_hour_is_said_to_be_wrong(client: Client, page: str, room: Room, wrong: Any) -> None:
    answer = client.post(page, FORM | wrong)
    assert answer.status_code == 400
    assert "Give the days and both times" in answer.text
    assert room.terms == {}


def test_members_have_no_such_page(client: Client, room: Room, bob_user: User) -> None:
    sign_in(client, bob_user)
    for path in ("policy", "dry-run"):
        assert client.get(f"/rooms/{room.slug}/{path}/").status_code == 404
        assert client.post(f"/rooms/{room.slug}/{path}/", FORM).status_code == 404


def test_what_is_fixed_above_is_shown_with_who_fixed_it(
    client: Client, page: str, room: Room, alice_user: User
) -> None:
    Room.objects.filter(pk=room.pk).update(siret="11000001500013")
    OrganizationPolicy.objects.create(
        code="110000015", name="Ministry", contact="rules@m.example", terms={"guests": False}
    )
    text = client.get(page).text
    assert "Guests: no" in text
    assert "Ministry asks it of its rooms. Contact: rules@m.example." in text


def test_a_visitor_is_told_why_they_may_not_enter(client: Client, room: Room) -> None:
    room.change(terms={"guests": False})
    with override_settings(ROOM_POLICY='{"guests": false}', ROOM_POLICY_CONTACT="help@visio.example"):
        answer = client.get(f"/{room.slug}")
    assert answer.status_code == 403
    assert (
        "This room takes no guests. Please sign in. This service asks it. Contact: help@visio.example." in answer.text
    )


def test_one_is_told_before_entering_what_one_cannot_do(client: Client, room: Room, bob_user: User) -> None:
    room.change(terms={"screen": "hosts"})
    sign_in(client, bob_user)
    text = client.get(f"/{room.slug}").text
    assert 'data-denied-action="share_screen"' in text
    assert "You cannot share your screen here. An owner or a host of the room can change this." in text
    assert 'data-denied-action="use_camera"' not in text


def test_the_passcode(client: Client, room: Room, charlie_user: User, valkey: str) -> None:
    room.change(passcode="ouistiti")
    sign_in(client, charlie_user)
    asked = client.get(f"/{room.slug}")
    assert asked.status_code == 403
    assert 'name="passcode"' in asked.text
    assert "This is not the passcode" in client.post(f"/{room.slug}/passcode/", {"passcode": "wrong"}).text
    assert client.post(f"/{room.slug}/passcode/", {"passcode": "ouistiti"}).status_code == 302
    assert client.get(f"/{room.slug}").status_code == 200
    room.change(passcode="another")
    assert client.get(f"/{room.slug}").status_code == 403, "a new passcode must be given anew"
    room.change(passcode="")
    assert client.get(f"/{room.slug}").status_code == 200


def test_a_passcode_is_kept_as_a_hash_and_shown_to_nobody(client: Client, page: str, room: Room) -> None:
    client.post(page, FORM | {"passcode": "ouistiti"})
    room.refresh_from_db()
    assert room.opens_with("ouistiti")
    assert "ouistiti" not in room.passcode
    assert "ouistiti" not in client.get(page).text
    client.post(page, FORM)
    room.refresh_from_db()
    assert room.opens_with("ouistiti"), "an empty field keeps it"
    client.post(page, FORM | {"no_passcode": "on"})
    room.refresh_from_db()
    assert not room.opens_with("")


def test_guessing_a_passcode_is_held_up(client: Client, room: Room, valkey: str) -> None:
    room.change(passcode="ouistiti")
    with override_settings(PASSCODE_TRIES_PER_MINUTE=2):
        answers = [Client().post(f"/{room.slug}/passcode/", {"passcode": "wrong"}).text for _ in range(3)]
        right = Client().post(f"/{room.slug}/passcode/", {"passcode": "ouistiti"})
    assert ["Too many attempts" in answer for answer in answers] == [False, False, True]
    assert right.status_code == 403


def test_the_dry_run(client: Client, room: Room, alice_user: User, bob_user: User, charlie_user: User) -> None:
    make_user("eve", is_active=False)
    room.change(access_level=AccessLevel.RESTRICTED)
    sign_in(client, alice_user)
    pasted = "Alice <ALICE@agents.example>, bob@agents.example\ncharlie@agents.example; nobody@elsewhere.example"
    answer = client.post(f"/rooms/{room.slug}/dry-run/", {"addresses": pasted})
    found = [(v.address, v.outcome, v.decision.rule.code) for v in answer.context["verdicts"]]
    assert found == [
        ("alice@agents.example", "enter", "members_enter"),
        ("bob@agents.example", "enter", "members_enter"),
        ("charlie@agents.example", "wait", "restricted"),
        ("nobody@elsewhere.example", "wait", "restricted"),
    ]
    assert "has never signed in: seen as a guest" in answer.text


def test_the_dry_run_knows_what_was_decided(
    client: Client, room: Room, alice_user: User, bob_user: User, charlie_user: User
) -> None:
    """Bans, who was let in, roles for this meeting, and that the room is full for those who are not inside."""
    room.change(access_level=AccessLevel.RESTRICTED, terms={"people_max": 1})
    sign_in(client, alice_user)
    Visit.ban(room, str(bob_user.pk), [], "Bob", alice_user, for_good=True)
    Visit.give_role(room, charlie_user, Role.HOST, alice_user)
    pasted = "alice@agents.example bob@agents.example charlie@agents.example"

    def found() -> list[tuple[str, str]]:
        answer = client.post(f"/rooms/{room.slug}/dry-run/", {"addresses": pasted})
        return [(v.outcome, v.decision.rule.code) for v in answer.context["verdicts"]]

    assert found() == [("enter", "members_enter"), ("refuse", "banned"), ("enter", "admitted")]
    enter(room, alice_user)
    assert found() == [("enter", "members_enter"), ("refuse", "banned"), ("refuse", "room_full")]


def test_the_dry_run_of_an_administrator(client: Client, room: Room) -> None:
    sign_in(client, make_user("root", is_staff=True))
    assert client.get(f"/rooms/{room.slug}/dry-run/").status_code == 200


@pytest.mark.parametrize("pasted", ["no address", ", ".join(f"a{n}@b.example" for n in range(201))])
def test_a_dry_run_of_nothing_or_too_many(client: Client, room: Room, alice_user: User, pasted: str) -> None:
    sign_in(client, alice_user)
    assert client.post(f"/rooms/{room.slug}/dry-run/", {"addresses": pasted}).status_code == 400


def test_a_host_may_change_the_rules(client: Client, room: Room, bob_user: User) -> None:
    room.members.get(user=bob_user).change_role(Role.HOST)
    sign_in(client, bob_user)
    assert client.post(f"/rooms/{room.slug}/policy/", FORM | {"chat": "nobody"}).status_code == 302
    assert own(room).chat is Audience.NOBODY
    assert settings.ROOM_POLICY
