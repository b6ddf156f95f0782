"""Whatever is sent to the API, the answer is 4xx and JSON, never a failure of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Member, Room

BODIES = [
    b"",
    b"{",
    b"nothing",
    b"\xff\xfe",
    b"NaN",
    b'{"name": NaN}',
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"9" * 5000,
    b'{"name": "\\ud800"}',
    b'{"name": "\\u0000"}',
    b'{"name": {"a": 1}}',
    b"[]",
    b"7",
    b'"text"',
    b'{"name": "' + b"a" * 60_000 + b'"}',
]
KEYS = ["%00", "%ff", "..", "%2e%2e", "0" * 33, "{}", "a" * 2000, "%F0%9F%98%80", "-1", "1" * 400, "%0a", "é"]
QUERIES = ["\0", "-1", "0", "a", "9" * 5000, "1e9", "\ud7ff", "é"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["name", "access_level", "resource", "user", "email", "role"]), ANYTHING)
REPEATED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def refused(response: HttpResponse) -> bool:
    """Say whether an answer is a well-formed refusal."""
    return 400 <= response.status_code < 500 and bool(body_of(response)["code"])


@pytest.fixture
def targets(room: Room, alice: Caller) -> list[Callable[[bytes], HttpResponse]]:
    """Give everything that takes a body, called by somebody who may."""
    member = f"/resource-accesses/{Member.objects.get(role='member').pk}/"
    return [
        lambda body: alice.send("POST", "/resource-accesses/", body),
        lambda body: alice.send("PATCH", member, body),
        lambda body: alice.send("PATCH", f"/rooms/{room.slug}/", body),
        lambda body: alice.send("POST", "/rooms/", body),
    ]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bodies(targets: list[Callable[[bytes], HttpResponse]], body: bytes) -> None:
    answers = [send(body) for send in targets]
    assert refused(answers[0])
    assert refused(answers[1])
    assert all(answer.status_code < 500 for answer in answers)


def test_a_huge_body(alice: Caller) -> None:
    response = alice.send("POST", "/rooms/", b" " * 70_000)
    assert (response.status_code, body_of(response)["code"]) == (413, "body_too_large")


def test_another_kind_of_body(alice: Caller) -> None:
    response = alice.client.post(
        "/api/v1.0/rooms/", "name=a", content_type="text/plain", headers={"X-CSRFToken": "a" * 32}
    )
    assert response.status_code == 415


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_keys(alice: Caller, method: str, key: str) -> None:
    for where in ("rooms", "resource-accesses"):
        assert alice.send(method, f"/{where}/{key}/", {"role": "host"}).status_code == 404


@pytest.mark.parametrize("text", QUERIES, ids=range(len(QUERIES)))
@pytest.mark.parametrize("name", ["page", "page_size"])
def test_pages(room: Room, alice: Caller, name: str, text: str) -> None:
    for where in ("/rooms/", "/resource-accesses/"):
        assert alice.get(where, **{name: text}).status_code in (200, 404)


@pytest.mark.parametrize("text", [*QUERIES, "a" * 5000, "\u202e"], ids=range(len(QUERIES) + 2))
def test_names_of_guests(room: Room, dave: Caller, text: str) -> None:
    Room.objects.filter(pk=room.pk).update(access_level="public")
    assert dave.get(f"/rooms/{room.slug}/", username=text).status_code == 200


@REPEATED
@given(fields=FIELDS)
def test_any_fields_of_a_member(room: Room, alice: Caller, fields: dict[str, object]) -> None:
    body = {"resource": str(room.pk), **fields}
    assert refused(alice.post("/resource-accesses/", body))


@REPEATED
@given(fields=FIELDS)
def test_any_fields_of_a_room(room: Room, alice: Caller, fields: dict[str, object]) -> None:
    assert alice.patch(f"/rooms/{room.slug}/", fields).status_code in (200, 400)
