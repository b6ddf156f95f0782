"""The page after a meeting: the way on, what one takes along, and how it was."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from visio.attendance.models import Gathering, Rating
from visio.live.models import Notes
from visio.rooms import guests
from visio.rooms.api.throttles import AddressThrottle
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel, Role
from visio.rooms.visits import Visit
from visio.wire import Grant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
ASKED = "How was the meeting?"


@pytest.fixture
def owner(transactional_db: None) -> User:
    """The owner of the room."""
    return make_user("owner")


@pytest.fixture
def room(owner: User) -> Room:
    """Somebody's public room."""
    return Room.create(owner, "Council", AccessLevel.PUBLIC)


@pytest.fixture(autouse=True)
def gathering(empty_cache: None, room: Room) -> Gathering:
    """What goes on in it."""
    Gathering.begin(room.pk, timezone.now())
    return Gathering.objects.get(room=room)


def was_there(room: Room, client: Client, user: User | None = None) -> None:
    """Let the person of a browser have been in the meeting."""
    if user:
        sign_in(client, user)
        identity = str(user.pk)
    else:
        client.get(f"/{room.slug}")
        secret = guests.known({settings.GUEST_COOKIE_NAME: client.cookies[settings.GUEST_COOKIE_NAME].value})
        identity = guests.identity(secret or "", room.pk)
    Gathering.arrive(room, uuid.uuid4(), Grant(identity, name="Somebody"), timezone.now(), vouched=False)


def page(client: Client, room: Room, why: str = "left") -> str:
    """Give the goodbye page."""
    return client.get(f"/{room.slug}/goodbye/", {"why": why}).text


def test_a_guest_says_how_it_was(client: Client, room: Room, gathering: Gathering) -> None:
    """Without an account; asked once, thanked, and kept with the meeting."""
    was_there(room, client)
    assert ASKED in page(client, room)
    said = {"why": "left", "stars": "2", "troubles": ["sound", "other"], "words": "It\u202e crackled "}
    answer = client.post(f"/{room.slug}/rating/", said, follow=True)
    assert "Thank you." in answer.text
    assert ASKED not in answer.text
    kept = Rating.objects.get()
    assert (kept.gathering, kept.stars, kept.troubles, kept.words) == (gathering, 2, ["sound", "other"], "It crackled")


def test_who_was_not_there_is_not_asked(client: Client, room: Room) -> None:
    client.get(f"/{room.slug}")
    assert ASKED not in page(client, room)
    answer = client.post(f"/{room.slug}/rating/", {"stars": "5"}, follow=True)
    assert "only by those who were in the meeting" in answer.text
    assert not Rating.objects.exists()


@pytest.mark.parametrize("said", [{}, {"stars": "6"}, {"stars": "x"}, {"stars": "3", "troubles": ["x"]}])
def test_what_cannot_be_meant_is_asked_again(client: Client, room: Room, said: dict[str, str]) -> None:
    was_there(room, client)
    answer = client.post(f"/{room.slug}/rating/", said)
    assert (answer.status_code, ASKED in answer.text) == (400, True)
    assert not Rating.objects.exists()


def test_a_strange_page_says_nothing_for_somebody(room: Room) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/{room.slug}/rating/", {"stars": "1"}).status_code == 403


def test_not_too_often(client: Client, room: Room) -> None:
    was_there(room, client)
    answers = [client.post(f"/{room.slug}/rating/", {"stars": "3"}).status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]
    assert Rating.objects.count() == 1


@pytest.mark.parametrize(
    ("why", "asked"), [("left", True), ("closed", True), ("lost", True), ("removed", False), ("elsewhere", False)]
)
def test_who_is_asked(client: Client, room: Room, why: str, *, asked: bool) -> None:
    was_there(room, client)
    assert (ASKED in page(client, room, why)) is asked


def test_nobody_is_asked_where_nothing_may_be_kept(client: Client, room: Room) -> None:
    was_there(room, client)
    room.change(terms={"attendance_days": 0})
    assert ASKED not in page(client, room)


def test_a_host_takes_along_what_there_is(client: Client, room: Room, owner: User, gathering: Gathering) -> None:
    """Notes and attendance as files, and the way to the rest."""
    was_there(room, client, owner)
    Notes.objects.create(gathering=gathering)
    room.change(terms={"chat_days": 5})
    found = page(client, room)
    files = f"/rooms/{room.slug}/gatherings/{gathering.pk}/"
    for address in (f"{files}notes.md", f"{files}attendance.ods", f"/rooms/{room.slug}/chats/"):
        assert f'href="{address}"' in found
        assert client.get(address).status_code == 200, address
    assert f'href="/rooms/{room.slug}/gatherings/"' in found
    assert "polls.csv" not in found


def test_others_take_along_what_they_may_read(client: Client, room: Room, gathering: Gathering) -> None:
    """A member the chat where it is kept, a stranger nothing."""
    bob, charlie, stranger = make_user("bob"), make_user("charlie"), Client()
    room.add_member(bob)
    room.change(terms={"chat_days": 5})
    Notes.objects.create(gathering=gathering)
    was_there(room, client, bob)
    was_there(room, stranger, charlie)
    assert f"/rooms/{room.slug}/chats/" in page(client, room)
    assert "notes.md" not in page(client, room)
    assert "To take along" not in page(stranger, room)


def test_a_co_host_reads_until_the_end(client: Client, room: Room, owner: User, gathering: Gathering) -> None:
    bob = make_user("bob")
    Visit.give_role(room, bob, Role.HOST, owner)
    was_there(room, client, bob)
    assert "attendance.csv" in page(client, room)
    gathering.end(timezone.now() + timedelta(minutes=5))
    assert "attendance.csv" not in page(client, room)


def test_each_end_has_a_way_on(client: Client, room: Room, owner: User) -> None:
    back = f'href="/{room.slug}"'
    for why, words in {
        "elsewhere": "Take it back here",
        "removed": "Ask to enter again",
        "refused": "Try again",
        "lost": "Test your connection",
    }.items():
        found = page(client, room, why)
        assert words in found
        assert back in found
    assert back not in page(client, room, "closed")
    sign_in(client, owner)
    assert "Open the room again" in page(client, room, "closed")


def test_it_cannot_be_asked_for_again_and_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """By guests: the page tells whether a room exists."""
    monkeypatch.setattr(AddressThrottle, "rate", "2/hour", raising=False)
    codes = [Client().get(f"/{room.slug}/goodbye/").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
