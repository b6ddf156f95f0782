"""Who is inside, as the page before the call tells it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.signalling.inside import AddressLookThrottle
from visio.signalling.models import Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(room: Room) -> Room:
    """Alice's room, open to everybody with the link."""
    room.change(access_level=AccessLevel.PUBLIC)
    return room


def come(room: Room, name: str, identity: str = "", *, hidden: bool = False, is_gone: bool = False) -> None:
    """Let somebody be in a room."""
    now = timezone.now()
    grant = {"identity": identity or name, "name": name, "hidden": hidden, "sources": []}
    Session.objects.create(
        ticket=uuid.uuid4().hex,
        room=room,
        via="page",
        identity=identity or name,
        grant=grant,
        answered_at=now,
        left_at=now if is_gone else None,
    )


def told(client: Client, room: Room) -> dict[str, Any]:
    """Give what the server says."""
    found: dict[str, Any] = client.get(f"/{room.slug}/inside/").json()
    return found


def test_it_works(client: Client, room: Room) -> None:
    """Names in the order of arrival, nobody who is hidden or gone, everybody once."""
    sign_in(client, make_user("bob"))
    come(room, "Claire")
    come(room, "Denis")
    come(room, "Denis")
    come(room, "Camera", hidden=True)
    come(room, "Emile", is_gone=True)
    assert told(client, room) == {"count": 2, "elsewhere": False, "names": ["Claire", "Denis"]}


def test_few_names_for_many_people(client: Client, room: Room) -> None:
    sign_in(client, make_user("bob"))
    for number in range(9):
        come(room, f"Person {number}")
    found = told(client, room)
    assert (found["count"], len(found["names"])) == (9, 4)


def test_a_guest_learns_the_number_only(client: Client, public: Room) -> None:
    come(public, "Claire")
    assert told(client, public) == {"count": 1, "elsewhere": False}


def test_who_must_wait_learns_nothing(client: Client, room: Room) -> None:
    come(room, "Claire")
    assert told(client, room) == {}


def test_where_the_rules_forbid_it_nobody_learns_it(client: Client, room: Room, alice: User) -> None:
    sign_in(client, alice)
    come(room, "Claire")
    room.change(terms={"people_shown": "nobody"})
    assert told(client, room) == {}


def test_one_is_told_that_one_is_there_already(client: Client, room: Room) -> None:
    bob = make_user("bob")
    sign_in(client, bob)
    come(room, "Bob", str(bob.pk))
    assert told(client, room) == {"count": 0, "elsewhere": True, "names": []}


def test_an_unknown_room_is_nothing(client: Client, db: None) -> None:
    assert client.get("/abc-defg-hij/inside/").status_code == 404


@pytest.mark.parametrize("name", ["12", "true", "null", '{"a": 1}', "Zoë"])
def test_a_name_is_a_text_whatever_it_looks_like(client: Client, room: Room, name: str) -> None:
    sign_in(client, make_user("bob"))
    come(room, name)
    assert told(client, room)["names"] == [name]


def test_looking_is_counted_apart_from_the_page(
    client: Client, public: Room, empty_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AddressLookThrottle, "rate", "2/hour")
    codes = [client.get(f"/{public.slug}/inside/").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert client.get(f"/{public.slug}").status_code == 200
