"""`/resource-accesses/`: reading, changing and ending memberships."""

from __future__ import annotations

import uuid

import pytest

from suite.identity.models import User
from tests.rooms.callers import Caller, body_of
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role


@pytest.fixture
def alices(room: Room, alice_user: User) -> Member:
    """Give alice's membership."""
    return Member.objects.get(room=room, user=alice_user)


@pytest.fixture
def bobs(room: Room, bob_user: User) -> Member:
    """Give bob's membership."""
    return Member.objects.get(room=room, user=bob_user)


def path(member: Member) -> str:
    """Give where a membership lives."""
    return f"/resource-accesses/{member.pk}/"


def test_it_works(room: Room, alice: Caller, bobs: Member, bob_user: User) -> None:
    expected = {"id": str(bobs.pk), "user": str(bob_user.pk), "resource": str(room.pk), "role": "member"}
    assert body_of(alice.get(path(bobs))) == expected
    assert body_of(alice.get("/resource-accesses/"))["count"] == 2


def test_a_member_sees_the_own_membership_only(bob: Caller, bobs: Member, alices: Member) -> None:
    assert [found["id"] for found in body_of(bob.get("/resource-accesses/"))["results"]] == [str(bobs.pk)]
    assert bob.get(path(alices)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_unknown_and_forbidden_answer_the_same(bobs: Member, charlie: Caller, method: str) -> None:
    paths = (path(bobs), f"/resource-accesses/{uuid.UUID(int=1)}/", "/resource-accesses/x%00/")
    answers = [charlie.send(method, where, {"role": "owner"}) for where in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_guest(bobs: Member, dave: Caller, method: str) -> None:
    assert dave.send(method, path(bobs), {"role": "owner"}).status_code == 401
    assert dave.get("/resource-accesses/").status_code == 401


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_change_role(alice: Caller, bobs: Member, method: str) -> None:
    assert body_of(alice.send(method, path(bobs), {"role": "host"}))["role"] == "host"
    bobs.refresh_from_db()
    assert bobs.role == Role.HOST


def test_person_and_room_do_not_change(alice: Caller, bobs: Member, bob_user: User, charlie_user: User) -> None:
    alice.patch(path(bobs), {"role": "host", "user": str(charlie_user.pk), "resource": str(uuid.UUID(int=1))})
    bobs.refresh_from_db()
    assert bobs.user == bob_user


def test_a_member_does_not_promote_themselves(bob: Caller, bobs: Member) -> None:
    response = bob.patch(path(bobs), {"role": "owner"})
    assert (response.status_code, body_of(response)["code"]) == (403, "hosts_only")


@pytest.mark.parametrize("target", ["alices", "bobs"])
def test_a_host_makes_and_unmakes_no_owner(
    bob: Caller, bobs: Member, target: str, request: pytest.FixtureRequest
) -> None:
    bobs.change_role(Role.HOST)
    member: Member = request.getfixturevalue(target)
    wanted = "owner" if target == "bobs" else "member"
    response = bob.patch(path(member), {"role": wanted})
    assert (response.status_code, body_of(response)["code"]) == (403, "owners_only")


def test_the_last_owner_stays(alice: Caller, alices: Member) -> None:
    for response in (alice.patch(path(alices), {"role": "member"}), alice.delete(path(alices))):
        assert (response.status_code, body_of(response)["code"]) == (403, "last_owner")
    alices.refresh_from_db()
    assert alices.role == Role.OWNER


@pytest.mark.parametrize("role", [None, "boss", 1, ["host"], {}])
def test_wrong_role(alice: Caller, bobs: Member, role: object) -> None:
    assert alice.patch(path(bobs), {"role": role}).status_code == 400


def test_remove(alice: Caller, bobs: Member) -> None:
    assert alice.delete(path(bobs)).status_code == 204
    assert not Member.objects.filter(pk=bobs.pk).exists()


def test_leave(bob: Caller, bobs: Member) -> None:
    assert bob.delete(path(bobs)).status_code == 204
    assert not Member.objects.filter(pk=bobs.pk).exists()


def test_a_host_removes_no_owner(bob: Caller, bobs: Member, alices: Member) -> None:
    bobs.change_role(Role.HOST)
    response = bob.delete(path(alices))
    assert (response.status_code, body_of(response)["code"]) == (403, "owners_only")
