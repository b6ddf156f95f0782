"""The people of these tests: alice owns a room, bob is its member, charlie a stranger, dave a guest."""

from __future__ import annotations

import pytest

from suite.identity.models import User
from tests.identity.people import make_user
from tests.rooms.callers import Caller
from visio.rooms.models import Room


@pytest.fixture
def alice_user(db: None) -> User:
    """Give the owner of the room."""
    return make_user("alice", organization_label="Ministry of Tests")


@pytest.fixture
def bob_user(db: None) -> User:
    """Give the member."""
    return make_user("bob")


@pytest.fixture
def charlie_user(db: None) -> User:
    """Give somebody else."""
    return make_user("charlie")


@pytest.fixture
def room(alice_user: User, bob_user: User) -> Room:
    """Give a trusted room of alice's with bob as a member."""
    room = Room.create(alice_user, "Team")
    room.add_member(bob_user)
    return room


@pytest.fixture
def alice(alice_user: User) -> Caller:
    """Give alice's browser."""
    return Caller(alice_user)


@pytest.fixture
def bob(bob_user: User) -> Caller:
    """Give bob's browser."""
    return Caller(bob_user)


@pytest.fixture
def charlie(charlie_user: User) -> Caller:
    """Give charlie's browser."""
    return Caller(charlie_user)


@pytest.fixture
def dave(db: None) -> Caller:
    """Give a guest's browser."""
    return Caller()
