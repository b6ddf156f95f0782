"""The people of these tests, their room, and a worker that obeys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from suite.identity.models import User
from tests.identity.people import make_user
from tests.signalling.conftest import layer
from tests.signalling.worker import FakeWorker
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel

__all__ = ["layer"]


@pytest.fixture
def alice(transactional_db: None) -> User:
    """The owner."""
    return make_user("alice", organization_label="Ministry of Tests")


@pytest.fixture
def bob(transactional_db: None) -> User:
    """Another member."""
    return make_user("bob", organization_label="Ministry of Tests")


@pytest.fixture
def charlie(transactional_db: None) -> User:
    """A signed-in stranger."""
    return make_user("charlie", organization_label="Town hall")


@pytest.fixture
def room(alice: User) -> Room:
    """Alice's room, for members only."""
    return Room.create(alice, "Council", AccessLevel.RESTRICTED)


@pytest_asyncio.fixture
async def worker(layer: None, transactional_db: None) -> AsyncIterator[FakeWorker]:
    """A living worker."""
    async with FakeWorker() as running:
        yield running
