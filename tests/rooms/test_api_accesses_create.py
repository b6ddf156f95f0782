"""`POST /resource-accesses/`."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role

PATH = "/resource-accesses/"


@pytest.mark.parametrize("role", Role)
def test_it_works(room: Room, alice: Caller, charlie_user: User, role: Role) -> None:
    response = alice.post(PATH, {"resource": str(room.pk), "user": str(charlie_user.pk), "role": role})
    assert (response.status_code, body_of(response)["role"]) == (201, role)
    assert room.role_of(charlie_user) == role


def test_by_email(room: Room, alice: Caller, charlie_user: User) -> None:
    response = alice.post(PATH, {"resource": str(room.pk), "email": charlie_user.email})
    assert (response.status_code, body_of(response)["user"]) == (201, str(charlie_user.pk))
    assert room.role_of(charlie_user) == Role.MEMBER


@pytest.mark.parametrize("person", [{"email": "nobody@agents.example"}, {"user": str(uuid.UUID(int=1))}])
def test_unknown_person(room: Room, alice: Caller, person: dict[str, str]) -> None:
    response = alice.post(PATH, {"resource": str(room.pk), **person})
    assert (response.status_code, body_of(response)["code"]) == (400, "person_unknown")


def test_already_a_member(room: Room, alice: Caller, bob_user: User) -> None:
    response = alice.post(PATH, {"resource": str(room.pk), "user": str(bob_user.pk), "role": "owner"})
    assert (response.status_code, body_of(response)["code"]) == (400, "already_member")
    assert room.role_of(bob_user) == Role.MEMBER


def test_a_host_makes_no_owner(room: Room, bob: Caller, bob_user: User, charlie_user: User) -> None:
    Member.objects.get(user=bob_user).change_role(Role.HOST)
    response = bob.post(PATH, {"resource": str(room.pk), "user": str(charlie_user.pk), "role": "owner"})
    assert (response.status_code, body_of(response)["code"]) == (403, "owners_only")


def test_a_member(room: Room, bob: Caller, charlie_user: User) -> None:
    response = bob.post(PATH, {"resource": str(room.pk), "user": str(charlie_user.pk)})
    assert (response.status_code, body_of(response)["code"]) == (403, "hosts_only")


def test_unknown_and_forbidden_rooms_answer_the_same(room: Room, charlie: Caller, charlie_user: User) -> None:
    rooms = (str(room.pk), str(uuid.UUID(int=1)))
    answers = [charlie.post(PATH, {"resource": key, "user": str(charlie_user.pk)}) for key in rooms]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_guest(room: Room, dave: Caller) -> None:
    assert dave.post(PATH, {"resource": str(room.pk), "email": "dave@example.org"}).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"resource": "x"},
        {"resource": None},
        {"resource": 2**200},
        {"user": "x"},
        {"user": None},
        {"user": []},
        {"email": "both@agents.example"},
        {"role": "boss"},
    ],
)
def test_wrong_field(room: Room, alice: Caller, charlie_user: User, change: dict[str, Any]) -> None:
    response = alice.post(PATH, {"resource": str(room.pk), "user": str(charlie_user.pk), **change})
    assert (response.status_code, body_of(response)["code"]) == (400, "invalid")


def test_nobody_named(room: Room, alice: Caller) -> None:
    response = alice.post(PATH, {"resource": str(room.pk)})
    assert (response.status_code, list(body_of(response)["user"])) == (400, ["This field is required."])
