"""How often people may call: per person or browser, and never because the cache is away."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.identity.people import make_user, sign_in
from tests.rooms.callers import Caller, body_of
from visio.rooms.api.throttles import AddressThrottle, CreationThrottle, GuestThrottle, OpenThrottle
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel


def allow(monkeypatch: pytest.MonkeyPatch, throttle: type[OpenThrottle], rate: str) -> None:
    """Set how often one caller may come."""
    monkeypatch.setattr(throttle, "rate", rate, raising=False)


def test_creation(empty_cache: None, alice: Caller, bob: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, CreationThrottle, "2/hour")
    answers = [alice.post("/rooms/", {}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert body_of(answers[2])["code"] == "throttled"
    assert int(answers[2]["Retry-After"]) > 0
    assert bob.post("/rooms/", {}).status_code == 201


def test_a_guest(empty_cache: None, room: Room, dave: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    room.change(access_level=AccessLevel.PUBLIC)
    allow(monkeypatch, GuestThrottle, "1/hour")
    codes = [dave.get(f"/rooms/{room.slug}/").status_code for _ in range(3)]
    assert codes == [200, 200, 429], "the first visit makes the guest known"
    assert Caller().get(f"/rooms/{room.slug}/").status_code == 200


def test_guests_who_drop_their_cookies(
    empty_cache: None, room: Room, bob: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, AddressThrottle, "2/hour")
    codes = [Caller().get("/rooms/abc-defg-hij/").status_code for _ in range(3)]
    assert codes == [404, 404, 429]
    assert bob.get(f"/rooms/{room.slug}/").status_code == 200


def test_a_forged_address_does_not_help(empty_cache: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, AddressThrottle, "1/hour")
    codes = [
        Caller().client.get("/api/v1.0/rooms/abc-defg-hij/", headers={"X-Forwarded-For": f"192.0.2.{last}"}).status_code
        for last in (1, 2)
    ]
    assert codes == [404, 429]


def test_without_the_cache_nobody_is_held_up(
    alice: Caller, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    allow(monkeypatch, CreationThrottle, "1/hour")
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = {"default": away}
    assert [alice.post("/rooms/", {}).status_code for _ in range(2)] == [201, 201]


def test_a_cache_that_hangs_holds_nobody_for_long(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path / 'hangs'}"}}
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(tmp_path / "hangs"))
        hanging.listen()
        began = time.monotonic()
        assert Client().get("/abc-defg-hij").status_code == 404
    assert time.monotonic() - began < 8


def test_pages_that_make_rooms(empty_cache: None, client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """They count with the API; looking at the form does not."""
    allow(monkeypatch, CreationThrottle, "2/hour")
    sign_in(client, make_user())
    form = {"name": "Board", "access_level": "trusted"}
    assert client.post("/rooms/now/").status_code == 302
    assert client.post("/rooms/new/", form).status_code == 302
    assert client.get("/rooms/new/").status_code == 200
    for path in ("/rooms/now/", "/rooms/new/"):
        refused = client.post(path, form, headers={"accept-language": "fr"})
        assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
        assert "Attendez une minute" in refused.text
    assert Room.objects.count() == 2


@pytest.mark.parametrize("path", ["/abc-defg-hij", "/abc-defg-hij/passcode/"])
def test_pages_of_rooms(empty_cache: None, db: None, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guests who drop their cookies guess no more links than by the API; who is signed in is not counted with them."""
    allow(monkeypatch, AddressThrottle, "2/hour")
    assert [Client().get(path).status_code for _ in range(3)] == [404, 404, 429]
    agent = Client()
    sign_in(agent, make_user())
    assert agent.get(path).status_code == 404
