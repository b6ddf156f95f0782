"""`GET /users/me/`."""

from __future__ import annotations

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of


def test_it_works(alice: Caller, alice_user: User) -> None:
    response = alice.get("/users/me/")
    assert body_of(response) == {
        "id": str(alice_user.pk),
        "email": "alice@agents.example",
        "full_name": "Alice Test",
        "short_name": "Alice",
        "organization_label": "Ministry of Tests",
    }
    assert "no-store" in response["Cache-Control"]


def test_a_guest(dave: Caller) -> None:
    response = dave.get("/users/me/")
    assert (response.status_code, body_of(response)["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Session"
