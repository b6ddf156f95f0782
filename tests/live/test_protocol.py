"""The companion socket's table, limits and hostile bytes; document, Python and JavaScript say the same."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from suite.identity.models import User
from tests.live.browser import Browser
from visio.live import protocol, sockets
from visio.live.handlers import HANDLERS
from visio.rooms.api.throttles import AddressThrottle
from visio.rooms.models import Room

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
MESSAGES = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(protocol.FROM_BROWSER))},
    optional={name: JSON for fields in protocol.FROM_BROWSER.values() for name in (*fields, "id", "more")},
)


def _document() -> str:
    return (settings.BASE_DIR / "docs" / "protocol.md").read_text(encoding="utf-8").partition("## 3. ")[2]


def _listed(name: str) -> set[str]:
    module = (settings.BASE_DIR / "static/js/call/live_messages.js").read_text(encoding="utf-8")
    found = re.search(rf"export const {name} = .*?\[(.*?)\]", module, re.DOTALL)
    assert found
    return set(re.findall(r'"([a-z.]+)"', found[1]))


def test_document_python_and_javascript_are_in_step() -> None:
    rows = {line.split("|")[1].strip().strip("`") for line in _document().splitlines() if line.startswith("| `")}
    messages = set(protocol.FROM_BROWSER) | set(protocol.FROM_SERVER)
    assert messages | {str(code) for code in protocol.Code} <= rows
    assert {row for row in rows if "." in row} <= messages
    assert _listed("FROM_BROWSER") == set(protocol.FROM_BROWSER)
    assert _listed("FROM_SERVER") == set(protocol.FROM_SERVER)
    assert set(HANDLERS) == set(protocol.FROM_BROWSER) - {"hello"}


@given(st.text() | JSON.map(json.dumps) | MESSAGES.map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(protocol.MessageError):
        said = protocol.read(text)
        assert said["type"] in protocol.FROM_BROWSER
        assert all(isinstance(said["identity"], str) for _ in [0] if said.get("identity") is not None)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "unreadable"),
        ("[]", "unreadable"),
        ("[" * 5000, "unreadable"),
        ('{"type": 1}', "unreadable"),
        ('{"type": "sudo"}', "unknown_type"),
        ('{"type": "room.lock"}', "malformed"),
        ('{"type": "room.lock", "locked": 1}', "malformed"),
        ('{"type": "room.lock", "locked": true, "more": 1}', "malformed"),
        ('{"type": "people.ban", "identity": "' + "x" * 65 + '"}', "malformed"),
        ('{"type": "lobby.write", "text": "\\u0000"}', "malformed"),
        ('{"type": "lobby.write", "text": "\\ud800"}', "malformed"),
        ('{"type": "lobby.write", "text": "' + "é" * 9000 + '"}', "too_large"),
    ],
)
def test_what_is_wrong_has_a_code(frame: str, code: str) -> None:
    with pytest.raises(protocol.MessageError) as caught:
        protocol.read(frame)
    assert caught.value.code == code


async def test_errors_do_not_end_the_socket(layer: None, room: Room, alice: User) -> None:
    host = Browser(room, alice)
    await host.arrive()
    for frame in ("nonsense", '{"type": "sudo"}', '{"type": "room.lock", "id": 3}'):
        await host.send(frame)
        await host.hears("error")
    await host.say("ping", id=9)
    await host.hears("pong", to=9)
    await host.leave()


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (['{"type": "ping"}'], 1002),
        (['{"type": "hello", "version": 99}'], 1002),
        (['{"type": "hello", "version": 1}'] * 2, 1002),
        ([b"\x00\x01"], 1002),
        (["x" * 20_000], 1009),
        (['{"type": "sudo"}'] * 60, 1008),
    ],
)
async def test_what_ends_the_socket(layer: None, room: Room, frames: list[str | bytes], code: int) -> None:
    guest = Browser(room)
    await guest.open()
    for frame in frames:
        await guest.send(frame)
    assert await guest.closed() == code


async def test_one_person_does_not_open_sockets_without_end(layer: None, room: Room, alice: User) -> None:
    """The first one too many is sent away; who closes one may open another; others are not counted with them."""
    with patch.object(sockets, "SOCKETS_MAX", 1):
        first, second, guest = Browser(room, alice), Browser(room, alice), Browser(room)
        await first.arrive()
        await second.open()
        await second.say("hello", version=1)
        assert (await second.hears("error"))["code"] == "too_many"
        assert await second.closed() == 1013
        await second.leave()
        await guest.arrive()
        await first.leave()
        await second.arrive()
    await second.leave()
    await guest.leave()


async def test_an_unknown_version_is_told_the_known_ones(layer: None, room: Room) -> None:
    guest = Browser(room)
    await guest.open()
    await guest.say("hello", version=99)
    error = await guest.hears("error")
    assert (error["code"], error["versions"]) == ("version", [1])


async def test_foreign_pages_open_no_socket(layer: None, room: Room, alice: User) -> None:
    assert await Browser(room, alice, origin="https://evil.example", host="visio.example").open() == 403
    own = Browser(room, alice, origin="https://visio.example", host="visio.example")
    assert await own.open() == 101
    await own.leave()


async def test_there_is_no_socket_without_a_room(layer: None, room: Room) -> None:
    guest = Browser(room)
    await room.adelete()
    assert await guest.open() == 404


async def test_guests_of_one_address_try_no_more_rooms_than_by_the_api(
    layer: None, empty_cache: None, room: Room, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AddressThrottle, "rate", "1/hour", raising=False)
    guests = [Browser(room, who=who) for who in ("dave", "erin")]
    assert [await guest.open() for guest in guests] == [101, 429]
    host = Browser(room, alice)
    assert await host.open() == 101
    for browser in (guests[0], host):
        await browser.leave()


async def test_a_refusal_says_which_rule_in_the_language_of_the_browser(layer: None, room: Room) -> None:
    guest = Browser(room, language="fr")
    room.terms = {"guests": False}
    await room.asave()
    assert await guest.open() == 101
    await guest.say("hello", version=1)
    assert "Ce salon" in (await guest.hears("error"))["message"]
    assert await guest.closed() == 4403
