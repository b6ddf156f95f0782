"""A room keeps an owner, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suite.identity.models import User
from tests.identity.people import make_user
from visio.rooms.errors import LastOwnerError
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role

Ending = Callable[[Member], object]


def leave(member: Member) -> None:
    """End the membership."""
    member.delete()


def step_down(member: Member) -> None:
    """Become a plain member."""
    member.change_role(Role.MEMBER)


ENDINGS = [leave, step_down]


def owner_of(room: Room, user: User) -> Member:
    """Give the membership of an owner."""
    return Member.objects.get(room=room, user=user)


@pytest.mark.parametrize("end", ENDINGS)
def test_the_first_of_two_owners_goes(room: Room, alice_user: User, bob_user: User, end: Ending) -> None:
    owner_of(room, bob_user).change_role(Role.OWNER)
    end(owner_of(room, alice_user))
    assert room.role_of(alice_user) != Role.OWNER


@pytest.mark.parametrize("end", ENDINGS)
def test_the_last_owner_stays(room: Room, alice_user: User, end: Ending) -> None:
    with pytest.raises(LastOwnerError):
        end(owner_of(room, alice_user))
    assert room.role_of(alice_user) == Role.OWNER


def test_the_last_owner_may_stay_an_owner(room: Room, alice_user: User) -> None:
    owner_of(room, alice_user).change_role(Role.OWNER)


def test_others_go(room: Room, bob_user: User) -> None:
    owner_of(room, bob_user).delete()
    assert room.role_of(bob_user) is None


def test_a_room_goes_with_its_owner(room: Room) -> None:
    room.delete()
    assert not Member.objects.exists()


def test_a_membership_that_ended_meanwhile_does_not_come_back(room: Room, bob_user: User) -> None:
    member = owner_of(room, bob_user)
    Member.objects.filter(pk=member.pk).delete()
    with pytest.raises(Member.DoesNotExist):
        member.change_role(Role.OWNER)
    assert room.role_of(bob_user) is None


def race(*steps: Callable[[], object]) -> list[bool]:
    """Do all steps at the same moment, each in its own connection; say for each whether it was allowed."""
    start = Barrier(len(steps))

    def run(step: Callable[[], object]) -> bool:
        try:
            start.wait(10)
            step()
        except LastOwnerError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ENDINGS)
@pytest.mark.parametrize("second", ENDINGS)
def test_two_owners_go_at_once(first: Ending, second: Ending) -> None:
    alice, bob = make_user("alice"), make_user("bob")
    room = Room.create(alice)
    room.add_member(bob, Role.OWNER)
    one, other = owner_of(room, alice), owner_of(room, bob)
    assert sorted(race(lambda: first(one), lambda: second(other))) == [False, True]
    assert room.members.filter(role=Role.OWNER).count() == 1


def test_the_room_is_taken_first(room: Room, alice_user: User, charlie_user: User) -> None:
    """As everywhere: who takes a member's row and then the room's waits in a ring with who does it the other way."""
    changes: list[Callable[[], None]] = [
        lambda: room.give_role(charlie_user, Role.HOST),
        lambda: room.give_role(charlie_user, Role.MEMBER),
        lambda: room.transfer(alice_user, charlie_user),
    ]
    for change in changes:
        with CaptureQueriesContext(connection) as queries:
            change()
        read = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        assert 'FROM "rooms_room"' in read[0]
