"""Fixtures for signalling: people, a room with tickets to it, and a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
import pytest_asyncio
from channels.layers import get_channel_layer
from django.utils import timezone

from suite.identity.models import Login, User
from tests.signalling.worker import FakeWorker
from visio.rooms import tickets
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.wire import Grant

Tickets = Callable[..., str]


@pytest.fixture
def alice(transactional_db: None) -> User:
    """The owner."""
    return User.objects.create_user("https://idp.example", "alice", given_name="Alice")


@pytest.fixture
def charlie(transactional_db: None) -> User:
    """A signed-in stranger."""
    return User.objects.create_user("https://idp.example", "charlie", given_name="Charlie")


@pytest.fixture
def room(alice: User) -> Room:
    """Alice's room, open to people who are signed in."""
    return Room.create(alice, "Point du lundi", AccessLevel.TRUSTED)


@pytest.fixture
def login(alice: User) -> Login:
    """Alice's browser."""
    return Login.objects.create(user=alice)


@pytest.fixture
def ticket(room: Room, login: Login) -> Tickets:
    """Make a ticket of alice's to the room, unless told otherwise."""

    def make(identity: str = "", *, login: Login | None = login, at: datetime | None = None, **options: str) -> str:
        name = identity or str(login.user_id if login else "guest-dave")
        via = tickets.Via(options.get("via", "page"))
        return tickets.issue(
            room.pk, Grant(name, name="Alice"), login=login.pk if login else None, via=via, now=at or timezone.now()
        )

    return make


@pytest_asyncio.fixture
async def layer(valkey: str) -> AsyncIterator[None]:
    """The channel layer, without connections left for the next test's event loop."""
    yield
    await get_channel_layer().flush()


@pytest_asyncio.fixture
async def worker(layer: None, transactional_db: None) -> AsyncIterator[FakeWorker]:
    """A living worker."""
    async with FakeWorker() as running:
        yield running
