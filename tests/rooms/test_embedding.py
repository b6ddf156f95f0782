"""`/embed/`: who may frame it, what it shows, and that nothing else may be framed."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings

from suite import env
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel

pytestmark = pytest.mark.django_db

CITY, TOWN = "https://city.example", "https://town.example:8443"
allowed = override_settings(EMBED_ALLOWED_ORIGINS=[CITY, TOWN])


@pytest.fixture
def path(room: Room) -> str:
    """Give the address of a public room in a frame."""
    room.change(access_level=AccessLevel.PUBLIC)
    return f"/embed/{room.slug}/"


@allowed
def test_it_works(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f"frame-ancestors {CITY} {TOWN};" in answer["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in answer
    assert f'data-embed-origins="{CITY} {TOWN}"' in answer.content.decode()
    assert b'class="head"' not in answer.content
    assert b'class="foot"' not in answer.content
    assert 'aria-label="Meeting Team"' in answer.content.decode()
    assert b'name="csrfmiddlewaretoken"' in answer.content


@pytest.mark.parametrize("where", ["/embed/", "/embed/abc-defg-hij/"])
def test_there_is_none_without_the_setting(client: Client, where: str) -> None:
    assert client.get(where).status_code == 404


@allowed
def test_an_unknown_room(client: Client) -> None:
    assert client.get("/embed/abc-defg-hij/").status_code == 404


@allowed
def test_with_a_ticket(client: Client) -> None:
    """The page around brings it: there is no form to enter with."""
    answer = client.get("/embed/")
    assert (answer.status_code, b"with-ticket" in answer.content) == (200, True)
    assert f'data-signalling="{settings.LIVEKIT_API_URL}"' in answer.content.decode()
    assert 'aria-label="Meeting "' in answer.content.decode(), "the frame says which as soon as it knows"


@allowed
def test_who_may_not_enter_reads_why(client: Client, room: Room) -> None:
    room.change(terms={"guests": False})
    answer = client.get(f"/embed/{room.slug}/")
    assert (answer.status_code, b"This room takes no guests." in answer.content) == (403, True)
    assert CITY in answer["Content-Security-Policy"]


@allowed
def test_nothing_else_is_framed(client: Client, room: Room) -> None:
    for where in ("/", f"/{room.slug}", "/connection-test/", "/api/v1.0/config/", f"/{room.slug}/goodbye/"):
        answer = client.get(where)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], where
        assert answer["X-Frame-Options"] == "DENY", where


@allowed
def test_a_guest_is_known_in_the_frame(client: Client, path: str) -> None:
    """Browsers keep cookies of a frame only apart for each site around it, and by HTTPS."""
    client.get(path)
    cookie = client.cookies[settings.GUEST_COOKIE_NAME].OutputString()
    assert "SameSite=None; Partitioned" in cookie
    assert "Secure" in cookie


def test_a_guest_elsewhere(client: Client, room: Room, path: str) -> None:
    client.get(f"/{room.slug}")
    assert client.cookies[settings.GUEST_COOKIE_NAME]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "value",
    ["city.example", "https://city.example/path", "https://city.example?x", "https://*", "https://a@city.example", "*"],
)
def test_wrong_origins_end_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setattr(env, "DECLARED", {})
    monkeypatch.setenv("EMBED_TEST", value)
    with pytest.raises(env.SettingError, match="EMBED_TEST must list"):
        env.web_origins("EMBED_TEST", "For this test.")


def test_origins_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "DECLARED", {})
    monkeypatch.setenv("EMBED_TEST", f"{CITY}/, {TOWN}")
    assert env.web_origins("EMBED_TEST", "For this test.") == [CITY, TOWN]
