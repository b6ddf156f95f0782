"""`DELETE /rooms/<link or id>/`."""

from __future__ import annotations

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role


def test_it_works(room: Room, alice: Caller) -> None:
    assert alice.delete(f"/rooms/{room.slug}/").status_code == 204
    assert not Room.objects.exists()


def test_a_host(room: Room, bob: Caller, bob_user: User) -> None:
    Member.objects.get(user=bob_user).change_role(Role.HOST)
    response = bob.delete(f"/rooms/{room.slug}/")
    assert (response.status_code, body_of(response)["code"]) == (403, "owners_only")
    assert Room.objects.exists()


def test_unknown_and_forbidden_rooms_answer_the_same(room: Room, charlie: Caller) -> None:
    answers = [charlie.delete(f"/rooms/{slug}/") for slug in (room.slug, "abc-defg-hij")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_guest(room: Room, dave: Caller) -> None:
    assert dave.delete(f"/rooms/{room.slug}/").status_code == 401
