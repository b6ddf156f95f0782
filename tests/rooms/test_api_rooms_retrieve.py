"""`GET /rooms/<link or id>/`: what each person sees of a room, and who gets a ticket."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms import tickets
from visio.rooms.models import Member, Room
from visio.rooms.roles import AccessLevel, Role

PUBLIC_FACTS = {"id", "name", "slug", "access_level", "is_administrable", "entry", "abilities", "encryption_mode"}


def test_it_works(room: Room, alice: Caller, alice_user: User) -> None:
    response = alice.get(f"/rooms/{room.slug}/")
    found = body_of(response)
    assert set(found) == PUBLIC_FACTS | {"accesses", "livekit", "sensitivity", "terms"}
    assert (found["livekit"]["url"], found["livekit"]["room"]) == ("ws://127.0.0.1:8000", str(room.pk))
    assert tickets.read(found["livekit"]["token"], timezone.now()).grant.identity == str(alice_user.pk)
    assert "no-store" in response["Cache-Control"]


def test_members_are_shown_to_owners(room: Room, alice: Caller, bob_user: User) -> None:
    shown = {access["user"]["full_name"]: access for access in body_of(alice.get(f"/rooms/{room.slug}/"))["accesses"]}
    assert shown["Bob Test"] == {
        "id": str(Member.objects.get(user=bob_user).pk),
        "user": {
            "id": str(bob_user.pk),
            "email": "bob@agents.example",
            "full_name": "Bob Test",
            "short_name": "Bob",
            "organization_label": "",
        },
        "resource": str(room.pk),
        "role": "member",
    }


def test_a_host_administers(room: Room, bob: Caller, bob_user: User) -> None:
    Member.objects.get(user=bob_user).change_role(Role.HOST)
    found = body_of(bob.get(f"/rooms/{room.slug}/"))
    assert found["is_administrable"] is True
    assert len(found["accesses"]) == 2


def test_a_member_sees_no_members(room: Room, bob: Caller) -> None:
    found = body_of(bob.get(f"/rooms/{room.slug}/"))
    assert set(found) == PUBLIC_FACTS | {"livekit"}
    assert found["is_administrable"] is False


def test_by_id(room: Room, bob: Caller) -> None:
    assert body_of(bob.get(f"/rooms/{room.pk}/"))["slug"] == room.slug


def test_a_stranger_enters_a_trusted_room(room: Room, charlie: Caller) -> None:
    assert set(body_of(charlie.get(f"/rooms/{room.slug}/"))) == PUBLIC_FACTS | {"livekit"}


def test_a_stranger_waits_at_a_restricted_room(room: Room, charlie: Caller) -> None:
    room.change(access_level=AccessLevel.RESTRICTED)
    found = body_of(charlie.get(f"/rooms/{room.slug}/"))
    assert set(found) == PUBLIC_FACTS
    assert (found["entry"]["outcome"], found["entry"]["code"]) == ("wait", "restricted")


def test_a_guest_waits_at_a_trusted_room(room: Room, dave: Caller) -> None:
    found = body_of(dave.get(f"/rooms/{room.slug}/", username="Dave"))
    assert set(found) == PUBLIC_FACTS
    assert (found["entry"]["outcome"], found["entry"]["code"]) == ("wait", "signed_in")


def test_a_guest_enters_a_public_room(room: Room, dave: Caller) -> None:
    room.change(access_level=AccessLevel.PUBLIC)
    grants = [
        tickets.read(body_of(dave.get(f"/rooms/{room.slug}/", username="Dave"))["livekit"]["token"], timezone.now())
        for _ in range(2)
    ]
    assert grants[0].grant.name == "Dave"
    assert grants[0].grant.identity == grants[1].grant.identity


@pytest.mark.parametrize("key", ["abc-defg-hij", str(uuid.UUID(int=1)), "%00", "nothing", "a" * 300, "%ED%A0%80"])
def test_unknown(room: Room, dave: Caller, key: str) -> None:
    response = dave.get(f"/rooms/{key}/")
    assert (response.status_code, body_of(response)) == (404, {"code": "not_found", "detail": "Not found."})


def test_the_refusal_speaks_french(room: Room, dave: Caller) -> None:
    response = dave.client.get("/api/v1.0/rooms/abc-defg-hij/", headers={"Accept-Language": "fr"})
    assert body_of(response)["detail"] != "Not found."  # type: ignore[arg-type]
