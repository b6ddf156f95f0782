"""The pages that lead into a room and out of it."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest
from django.test import Client

from suite.identity.models import User
from tests.identity.people import make_user, sign_in
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> User:
    """Give alice, signed in in `client`."""
    user = make_user("alice")
    sign_in(client, user)
    return user


@pytest.fixture
def room() -> Room:
    """Give a room of somebody else."""
    return Room.create(make_user("owner"), name="Council")


def test_a_stranger_is_welcomed(client: Client) -> None:
    """The home page offers to sign in and to join."""
    page = client.get("/")
    assert page.status_code == 200
    assert "/oidc/authenticate/" in page.text


def test_home_lists_my_rooms_only(client: Client, alice: User, room: Room) -> None:
    """Rooms of others are not there."""
    Room.create(alice, name="Mine")
    text = client.get("/").text
    assert "Mine" in text
    assert "Council" not in text


def test_a_code_leads_to_its_room(client: Client) -> None:
    """Whether the room exists is said by its own page."""
    assert client.get("/join/", {"address": "ABC DEFG HIJ"})["Location"] == "/abc-defg-hij"


def test_a_wrong_code_is_explained(client: Client) -> None:
    """The home page comes again with what was typed and what is wrong."""
    page = client.get("/join/", {"address": "hello"})
    assert page.status_code == 400
    assert 'value="hello"' in page.text


def test_start_now_opens_a_room(client: Client, alice: User) -> None:
    """One click: a room that one owns, and its page."""
    response = client.post("/rooms/now/")
    room = Room.objects.get()
    assert response["Location"] == f"/{room.slug}"
    assert room.role_of(alice) is Role.OWNER


def test_start_now_needs_a_sign_in(client: Client) -> None:
    """A guest makes no room."""
    assert client.post("/rooms/now/")["Location"].startswith("/oidc/authenticate/")
    assert not Room.objects.exists()


def test_a_room_is_created_by_its_form(client: Client, alice: User) -> None:
    """With name and access, then its settings."""
    response = client.post("/rooms/new/", {"name": "Team", "access_level": "public"})
    room = Room.objects.get()
    assert response["Location"] == f"/rooms/{room.slug}/settings/"
    assert (room.name, room.access_level) == ("Team", AccessLevel.PUBLIC)


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "\u200b"}, {"name": "A", "access_level": "all"}])
def test_a_wrong_form_makes_no_room(client: Client, alice: User, values: dict[str, str]) -> None:
    """The form comes again with what is wrong."""
    assert client.post("/rooms/new/", {"access_level": "public", **values}).status_code == 400
    assert not Room.objects.exists()


def test_who_may_enter_sees_the_way_in(client: Client, alice: User, room: Room) -> None:
    """A trusted room lets people in who are signed in; the page itself holds no ticket."""
    page = client.get(f"/{room.slug}")
    assert page.status_code == 200
    assert "Enter the meeting" in page.text
    assert "eyJ" not in page.text


def test_a_guest_gives_a_name_in_a_public_room(client: Client, room: Room) -> None:
    """Guests enter public rooms under the name they give."""
    Room.objects.filter(pk=room.pk).update(access_level=AccessLevel.PUBLIC)
    assert "Your name" in client.get(f"/{room.slug}").text


def test_who_must_wait_is_told_so(client: Client, room: Room) -> None:
    """A guest at a trusted room: no way in, but what to do."""
    page = client.get(f"/{room.slug}")
    assert "You need to be admitted" in page.text
    assert "Enter the meeting" not in page.text


def test_an_unknown_room_is_nothing(client: Client) -> None:
    """404, also for words that are no room."""
    assert client.get("/abc-defg-hij").status_code == 404


@pytest.mark.parametrize(
    ("why", "words", "returns"),
    [
        ("left", "You left the meeting", True),
        ("removed", "You were removed", True),
        ("elsewhere", "in another place", True),
        ("closed", "The meeting is over", False),
        ("excess", "The connection was closed", True),
        ("refused", "You could not enter", True),
        ("nonsense", "You left the meeting", True),
    ],
)
def test_goodbye_says_why(client: Client, why: str, words: str, *, returns: bool) -> None:
    """And offers the way back where there is one."""
    page = client.get("/abc-defg-hij/goodbye/", {"why": why}).text
    assert words in page
    assert ('href="/abc-defg-hij"' in page) is returns


@pytest.mark.parametrize(
    "address", ["/", "/join/?address=abc-defg-hij", "/{slug}", "/{slug}/goodbye/", "/connection-test/"]
)
def test_programs_may_ask_for_the_head_only(client: Client, room: Room, address: str) -> None:
    """Link checkers and previews do so before they get a page."""
    path = address.format(slug=room.slug)
    assert client.head(path).status_code == client.get(path).status_code


def test_a_link_typed_with_a_capital_leads_to_the_room(client: Client, room: Room) -> None:
    """Telephones begin what one types with a capital."""
    assert client.get(f"/{room.slug.capitalize()}")["Location"] == f"/{room.slug}"


def test_a_sign_in_between_the_button_and_its_work_ends_on_the_page_of_the_button(client: Client, room: Room) -> None:
    """The login was over when the button was pressed: after the sign-in the browser comes with GET."""
    settings = f"/rooms/{room.slug}/settings/"
    for path, page in {
        "/rooms/now/": "/",
        f"/rooms/{room.slug}/members/": settings,
        f"/rooms/{room.slug}/members/{uuid.uuid4()}/": settings,
        f"/rooms/{room.slug}/leave/": settings,
    }.items():
        assert client.post(path)["Location"] == f"/oidc/authenticate/?{urlencode({'next': page})}"
    sign_in(client, make_user("bob"))
    assert client.get("/rooms/now/")["Location"] == "/"
    assert client.get(f"/rooms/{room.slug}/leave/")["Location"] == settings


def test_an_address_that_only_takes_forms_says_so(client: Client) -> None:
    """People get a page, programs the bare answer; both are told which methods are allowed."""
    page = client.get("/oidc/logout/", headers={"accept": "text/html"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "not reached in this way" in page.text
    assert client.get("/oidc/logout/").text == ""


def test_who_signed_out_elsewhere_is_told_so(client: Client) -> None:
    """The media worker only says that they were put out; nobody else did that."""
    address = "/abc-defg-hij/goodbye/?why=removed&agent=1"
    page = client.get(address).text
    assert "You have signed out" in page
    assert "/oidc/authenticate/?next=/abc-defg-hij" in page
    sign_in(client, make_user("bob"))
    assert "You were removed" in client.get(address).text
