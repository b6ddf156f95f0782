"""The people and the gathering of these tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from suite.identity.models import User
from tests.identity.people import make_user
from visio.attendance.models import Gathering, Participation
from visio.rooms.models import Room
from visio.wire import Grant

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
Arrive = Callable[..., Participation]


@pytest.fixture
def alice(transactional_db: None) -> User:
    """The owner."""
    return make_user("alice")


@pytest.fixture
def room(alice: User) -> Room:
    """Alice's room."""
    return Room.create(alice, "Council")


@pytest.fixture
def gathering(room: Room) -> Gathering:
    """A gathering that goes on in it since nine."""
    Gathering.begin(room.pk, NOW)
    return Gathering.objects.get(room=room)


@pytest.fixture
def arrive(room: Room, gathering: Gathering) -> Arrive:
    """Let somebody come; `attributes` are those of the ticket."""

    def come(name: str = "Dave", at: datetime = NOW, *, hidden: bool = False, **attributes: str) -> Participation:
        session, grant = uuid.uuid4(), Grant(f"id-{name}", name=name, attributes=attributes, hidden=hidden)
        Gathering.arrive(room, session, grant, at, vouched=False)
        return Participation.objects.filter(session=session).get()

    return come
