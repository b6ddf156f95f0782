"""`POST /rooms/`."""

from __future__ import annotations

import pytest

from suite.identity import logins
from suite.identity.models import User
from tests.rooms.callers import API, Caller, body_of
from visio.rooms.models import Room
from visio.rooms.roles import Role


def test_it_works(alice: Caller, alice_user: User) -> None:
    response = alice.post("/rooms/", {"name": "Team", "access_level": "restricted"})
    found = body_of(response)
    room = Room.objects.get()
    assert response.status_code == 201
    assert (found["slug"], found["name"], found["access_level"]) == (room.slug, "Team", "restricted")
    assert found["is_administrable"] is True
    assert found["livekit"]["room"] == str(room.pk)
    assert room.role_of(alice_user) == Role.OWNER


def test_nothing_said(alice: Caller) -> None:
    found = body_of(alice.post("/rooms/", {}))
    assert (found["name"], found["access_level"]) == (found["slug"], "trusted")


def test_link_and_id_are_not_chosen(alice: Caller) -> None:
    found = body_of(alice.post("/rooms/", {"slug": "abc-defg-hij", "id": "x"}))
    assert found["slug"] != "abc-defg-hij"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "a" * 256), ("name", "a\0b"), ("name", ["a"]), ("access_level", "secret"), ("access_level", None)],
)
def test_wrong_field(alice: Caller, field: str, value: object) -> None:
    response = alice.post("/rooms/", {field: value})
    assert (response.status_code, body_of(response)["code"]) == (400, "invalid")
    assert body_of(response)[field]
    assert not Room.objects.exists()


def test_a_guest(dave: Caller) -> None:
    response = dave.post("/rooms/", {"name": "Team"})
    assert (response.status_code, body_of(response)["code"]) == (401, "not_authenticated")
    assert not Room.objects.exists()


def test_after_sign_out(alice: Caller) -> None:
    assert alice.login
    logins.end(alice.login)
    assert alice.post("/rooms/", {}).status_code == 401


def test_a_disabled_account(alice: Caller, alice_user: User) -> None:
    User.objects.filter(pk=alice_user.pk).update(is_active=False)
    assert alice.post("/rooms/", {}).status_code == 401


def test_without_csrf_token(alice: Caller) -> None:
    response = alice.client.post(f"{API}/rooms/", {}, content_type="application/json")
    assert (response.status_code, body_of(response)["code"]) == (403, "csrf_failed")  # type: ignore[arg-type]
