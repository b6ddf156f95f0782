"""Rooms: how they begin, how they are found, how they change."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError

from suite.identity.models import User
from visio.rooms.errors import AlreadyMemberError, PersonUnknownError
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel, Role
from visio.rooms.slugs import is_slug

pytestmark = pytest.mark.django_db


def test_it_works(alice_user: User) -> None:
    room = Room.create(alice_user, "  Team\x00 ", AccessLevel.PUBLIC)
    room.refresh_from_db()
    assert (room.name, room.access_level, room.role_of(alice_user)) == ("Team", "public", Role.OWNER)
    assert is_slug(room.slug)


@pytest.mark.django_db(transaction=True)
def test_no_room_without_its_owner() -> None:
    with pytest.raises(IntegrityError):
        Room.create(User(), "Team")
    assert not Room.objects.exists()


def test_trusted_unless_said_otherwise(alice_user: User) -> None:
    assert Room.create(alice_user).access_level == AccessLevel.TRUSTED


def test_a_room_without_a_name_is_called_like_its_link(alice_user: User) -> None:
    room = Room.create(alice_user, "\u202e")
    assert room.name == room.slug


def test_found_by_link_and_id(room: Room) -> None:
    for text in (room.slug, room.slug.upper(), str(room.pk), room.pk.hex):
        assert Room.objects.named(text) == room


@pytest.mark.parametrize("text", ["", "abc-defg-hij", "\0", "x" * 5000, str(uuid.UUID(int=1)), "abc-defg-hij\n"])
def test_not_found(room: Room, text: str) -> None:
    assert Room.objects.named(text) is None


def test_my_rooms(room: Room, alice_user: User, bob_user: User, charlie_user: User) -> None:
    roles = [[found.my_role for found in Room.objects.of(user)] for user in (alice_user, bob_user, charlie_user)]
    assert roles == [[Role.OWNER], [Role.MEMBER], []]


def test_change_keeps_what_is_not_named(room: Room) -> None:
    room.change(access_level=AccessLevel.RESTRICTED)
    room.refresh_from_db()
    assert (room.name, room.access_level) == ("Team", "restricted")


def test_change_of_a_deleted_room(room: Room) -> None:
    Room.objects.filter(pk=room.pk).delete()
    with pytest.raises(Room.DoesNotExist):
        room.change(name="Late")


def test_add_member_twice(room: Room, bob_user: User) -> None:
    with pytest.raises(AlreadyMemberError):
        room.add_member(bob_user, Role.HOST)
    assert room.role_of(bob_user) == Role.MEMBER


def test_add_member_by_email(room: Room, charlie_user: User) -> None:
    room.add_member_by_email(" Charlie@Agents.example ", Role.HOST)
    assert room.role_of(charlie_user) == Role.HOST


def test_add_unknown_person_by_email(room: Room) -> None:
    with pytest.raises(PersonUnknownError) as refused:
        room.add_member_by_email("nobody@agents.example")
    assert refused.value.code == "person_unknown"


def test_add_one_of_two_people_with_the_same_email(room: Room, charlie_user: User) -> None:
    User.objects.create_user("https://other.example", "1", email=charlie_user.email)
    with pytest.raises(PersonUnknownError) as refused:
        room.add_member_by_email(charlie_user.email)
    assert refused.value.code == "person_ambiguous"


def test_disabled_account_by_email(room: Room, charlie_user: User) -> None:
    User.objects.filter(pk=charlie_user.pk).update(is_active=False)
    with pytest.raises(PersonUnknownError):
        room.add_member_by_email(charlie_user.email)
