"""Tickets: what they say, and everything that is none."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings

from visio.rooms import tickets
from visio.rooms.errors import TicketError
from visio.rooms.tickets import Via
from visio.wire import Grant

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ROOM = uuid.UUID(int=7)
LOGIN = uuid.UUID(int=8)
SESSION = uuid.UUID(int=9)
GRANT = Grant("alice", "Alice", "about", {"kind": "agent"}, sources=("camera", "microphone"), can_publish_data=False)


def issue() -> str:
    return tickets.issue(ROOM, GRANT, login=LOGIN, via=Via.PAGE, now=NOW)


def claims() -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(issue(), options={"verify_signature": False})
    return found


def sign(values: dict[str, Any], key: str = settings.LIVEKIT_API_SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(values, key, algorithm=algorithm)


def refusal(token: str, now: datetime = NOW) -> str:
    with pytest.raises(TicketError) as refused:
        tickets.read(token, now)
    assert refused.value.message
    return refused.value.code


def test_it_works() -> None:
    ticket = tickets.read(issue(), NOW)
    assert (ticket.room_id, ticket.grant, ticket.login, ticket.via) == (ROOM, GRANT, LOGIN, Via.PAGE)
    assert (ticket.session, ticket.issued_at) == (None, NOW)


def test_livekit_reads_it() -> None:
    video = claims()["video"]
    assert (video["room"], video["roomJoin"], video["canPublishSources"]) == (str(ROOM), True, ["camera", "microphone"])


def test_each_ticket_is_another() -> None:
    assert tickets.read(issue(), NOW).jti != tickets.read(issue(), NOW).jti


def test_refreshed() -> None:
    ticket = tickets.read(tickets.refresh(SESSION, ROOM, GRANT, NOW), NOW + timedelta(seconds=599))
    assert (ticket.session, ticket.via, ticket.login, ticket.grant) == (SESSION, Via.SESSION, None, GRANT)


def test_refreshed_expires() -> None:
    assert refusal(tickets.refresh(SESSION, ROOM, GRANT, NOW), NOW + timedelta(seconds=600)) == "ticket_expired"


def test_expired() -> None:
    tickets.read(issue(), NOW + timedelta(seconds=59))
    assert refusal(issue(), NOW + timedelta(seconds=60)) == "ticket_expired"


def test_clocks_may_differ_a_little() -> None:
    assert tickets.read(issue(), NOW - timedelta(seconds=4))


def test_from_the_future() -> None:
    assert refusal(issue(), NOW - timedelta(seconds=60)) == "ticket_early"


def test_foreign_key() -> None:
    assert refusal(sign(claims(), "another key that is long enough for HS256")) == "ticket_forged"


def test_changed_claims() -> None:
    head, _, signature = issue().split(".")
    body = sign({**claims(), "sub": "bob"}).split(".")[1]
    assert refusal(f"{head}.{body}.{signature}") == "ticket_forged"


def test_foreign_issuer() -> None:
    assert refusal(sign({**claims(), "iss": "another"})) == "ticket_forged"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm(algorithm: str) -> None:
    assert refusal(sign(claims(), algorithm=algorithm)) == "ticket_forged"


def test_no_algorithm() -> None:
    assert refusal(sign(claims(), "", "none")) == "ticket_forged"


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "\0", "é.é.é", "." * 5000, "[]"])
def test_no_token(text: str) -> None:
    assert refusal(text) == "ticket_malformed"


@pytest.mark.parametrize(
    "name", ["sub", "jti", "iat", "nbf", "exp", "name", "metadata", "attributes", "video", "visio"]
)
def test_missing_claim(name: str) -> None:
    values = claims()
    del values[name]
    assert refusal(sign(values)) == "ticket_malformed"


def test_missing_issuer() -> None:
    values = claims()
    del values["iss"]
    assert refusal(sign(values)) in ("ticket_malformed", "ticket_forged")


@pytest.mark.parametrize("name", sorted(claims()["video"]))
def test_missing_right(name: str) -> None:
    values = claims()
    del values["video"][name]
    assert refusal(sign(values)) == "ticket_malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"sub": ""},
        {"jti": ""},
        {"jti": 7},
        {"iat": "now"},
        {"iat": True},
        {"iat": 1e300},
        {"exp": None},
        {"name": None},
        {"attributes": {"kind": 1}},
        {"attributes": []},
        {"video": []},
        {"video": {**claims()["video"], "room": "abc-defg-hij"}},
        {"video": {**claims()["video"], "room": None}},
        {"video": {**claims()["video"], "roomJoin": False}},
        {"video": {**claims()["video"], "canPublish": "yes"}},
        {"video": {**claims()["video"], "canPublishSources": [1]}},
        {"visio": {"login": "x", "via": "page", "session": None}},
        {"visio": {"login": None, "via": "elsewhere", "session": None}},
        {"visio": {"login": None, "via": "session", "session": None}},
        {"visio": {"login": None, "via": "page", "session": str(SESSION)}},
        {"visio": {}},
    ],
)
def test_wrong_claim(change: dict[str, Any]) -> None:
    assert refusal(sign({**claims(), **change})) == "ticket_malformed"
