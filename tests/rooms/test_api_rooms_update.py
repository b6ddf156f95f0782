"""`PATCH` and `PUT /rooms/<link or id>/`."""

from __future__ import annotations

import uuid

import pytest

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role

METHODS = pytest.mark.parametrize("method", ["PATCH", "PUT"])


@METHODS
def test_it_works(room: Room, alice: Caller, method: str) -> None:
    response = alice.send(method, f"/rooms/{room.slug}/", {"access_level": "public"})
    room.refresh_from_db()
    assert (response.status_code, body_of(response)["access_level"]) == (200, "public")
    assert (room.name, room.access_level) == ("Team", "public")


def test_a_host(room: Room, bob: Caller, bob_user: User) -> None:
    Member.objects.get(user=bob_user).change_role(Role.HOST)
    assert body_of(bob.patch(f"/rooms/{room.pk}/", {"name": "Board"}))["name"] == "Board"


@METHODS
def test_a_member_is_told_the_rule(room: Room, bob: Caller, method: str) -> None:
    response = bob.send(method, f"/rooms/{room.slug}/", {"name": "Mine"})
    assert response.status_code == 403
    assert body_of(response) == {
        "code": "hosts_only",
        "detail": "Only owners and hosts of the room may do this.",
        "level": "role",
        "set_by": "",
        "changed_by": "An owner or a host of the room can change this.",
    }


@METHODS
@pytest.mark.parametrize("by", ["slug", "pk"])
def test_unknown_and_forbidden_rooms_answer_the_same(room: Room, charlie: Caller, method: str, by: str) -> None:
    unknown = {"slug": "abc-defg-hij", "pk": str(uuid.UUID(int=1))}[by]
    answers = [charlie.send(method, f"/rooms/{key}/", {"name": "Mine"}) for key in (getattr(room, by), unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@METHODS
def test_a_guest(room: Room, dave: Caller, method: str) -> None:
    answers = [dave.send(method, f"/rooms/{key}/", {"name": "Mine"}) for key in (room.slug, "abc-defg-hij")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def test_wrong_field(room: Room, alice: Caller) -> None:
    assert alice.patch(f"/rooms/{room.slug}/", {"access_level": "secret"}).status_code == 400
