"""The ticket of a connection test at the gate: it opens a session as often as the checks need."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from tests.signalling.client import Client
from tests.signalling.conftest import layer, worker  # noqa: F401  (fixtures)
from tests.signalling.worker import FakeWorker
from visio.connection_test import entry
from visio.rooms import tickets
from visio.signalling.models import Session

begin = sync_to_async(entry.begin)


async def test_it_opens_several_sessions(worker: FakeWorker) -> None:  # noqa: F811
    token = await begin(timezone.now())
    for _ in range(2):
        client = Client(token)
        assert await client.connect() == 101
        fresh = await client.joined()
        await client.leave()
    assert await Session.objects.acount() == 2
    again = Client(fresh, reconnect="1", sid="PA_test")
    assert await again.connect() == 101, "a check breaks its own connection and comes back"
    await again.joined()
    await again.leave()


async def test_it_ends(worker: FakeWorker) -> None:  # noqa: F811
    late = timezone.now() - timedelta(seconds=tickets.TEST_TTL_S + 1)
    assert await Client(await begin(late)).connect() == 401


async def test_it_ends_with_its_room(worker: FakeWorker) -> None:  # noqa: F811
    token = await begin(timezone.now())
    await sync_to_async(entry.purge)(timezone.now() + entry.KEPT + timedelta(seconds=1))
    assert await Client(token).connect() == 404
