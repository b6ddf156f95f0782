"""What this folder tells the others, after commit only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from suite.identity.models import User
from visio.rooms.models import Member, Room
from visio.rooms.roles import AccessLevel, Role
from visio.rooms.signals import access_changed, room_closed


@pytest.fixture
def told() -> Iterator[list[tuple[str, Any]]]:
    """Give what was announced so far."""
    heard: list[tuple[str, Any]] = []

    def changed(room: Room, **_: Any) -> None:
        heard.append(("changed", room.pk))

    def closed(room_id: Any, **_: Any) -> None:
        heard.append(("closed", room_id))

    access_changed.connect(changed)
    room_closed.connect(closed)
    yield heard
    access_changed.disconnect(changed)
    room_closed.disconnect(closed)


Told = list[tuple[str, Any]]
Commits = DjangoCaptureOnCommitCallbacks


def test_another_access_level(room: Room, told: Told, django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        room.change(access_level=AccessLevel.RESTRICTED)
        assert told == []
    assert told == [("changed", room.pk)]


def test_another_role(room: Room, told: Told, django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Member.objects.get(role=Role.MEMBER).change_role(Role.HOST)
    assert told == [("changed", room.pk)]


def test_a_member_less(room: Room, told: Told, django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Member.objects.get(role=Role.MEMBER).delete()
    assert told == [("changed", room.pk)]


def test_a_deleted_person(room: Room, bob_user: User, told: Told, django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        bob_user.delete()
    assert told == [("changed", room.pk)]


def test_a_room_less(room: Room, told: Told, django_capture_on_commit_callbacks: Commits) -> None:
    room_id = room.pk
    with django_capture_on_commit_callbacks(execute=True):
        Room.objects.filter(pk=room_id).delete()
    assert told == [("closed", room_id)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_of_what_was_undone(alice_user: User, told: Told) -> None:
    room = Room.create(alice_user)
    told.clear()
    with transaction.atomic():
        room.delete()
        transaction.set_rollback(True)
    assert told == []
