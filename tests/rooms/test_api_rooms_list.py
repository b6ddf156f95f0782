"""`GET /rooms/`."""

from __future__ import annotations

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Room


def test_it_works(room: Room, alice: Caller) -> None:
    assert body_of(alice.get("/rooms/")) == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": str(room.pk),
                "name": "Team",
                "slug": room.slug,
                "access_level": "trusted",
                "is_administrable": True,
            }
        ],
    }


def test_a_member_administers_nothing(room: Room, bob: Caller) -> None:
    assert [found["is_administrable"] for found in body_of(bob.get("/rooms/"))["results"]] == [False]


def test_pages(alice: Caller, alice_user: User) -> None:
    for number in range(3):
        Room.create(alice_user, str(number))
    found = body_of(alice.get("/rooms/", page_size="2", page="2"))
    assert (found["count"], [room["name"] for room in found["results"]]) == (3, ["0"])


def test_the_page_after_the_last(alice: Caller) -> None:
    response = alice.get("/rooms/", page="9")
    assert (response.status_code, body_of(response)["code"]) == (404, "not_found")


def test_a_stranger_has_none(room: Room, charlie: Caller) -> None:
    assert body_of(charlie.get("/rooms/"))["results"] == []


def test_a_guest_has_none(room: Room, dave: Caller) -> None:
    assert body_of(dave.get("/rooms/"))["results"] == []
