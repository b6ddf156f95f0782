"""The sweep: what lost messages and dead workers left behind is mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from tests.signalling.client import Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms.models import Room
from visio.signalling import client as signalling_client
from visio.signalling import registry, tasks
from visio.signalling.models import Ended, Session

sweep = sync_to_async(tasks.sweep)
LONG_AGO = timezone.now() - timedelta(days=31)


async def _inside(worker: FakeWorker, token: str) -> tuple[Client, Session]:
    """Give a socket and its session, which the worker describes as inside."""
    client = Client(token)
    await client.connect()
    await client.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    worker.rooms = [{"name": order.room, "participants": [{"session": order.session}]}]
    session = await Session.objects.aget(pk=order.session)
    await Session.objects.filter(pk=session.pk).aupdate(connected_at=LONG_AGO)
    return client, session


async def test_who_is_inside_stays(worker: FakeWorker, ticket: Tickets) -> None:
    client, session = await _inside(worker, ticket())
    await sweep()
    await session.arefresh_from_db()
    assert session.left_at is None
    await client.leave()


async def test_who_is_nowhere_has_left(worker: FakeWorker, ticket: Tickets) -> None:
    client, session = await _inside(worker, ticket())
    worker.rooms = []
    await sweep()
    await session.arefresh_from_db()
    assert session.left_at is not None
    await client.leave()


async def test_a_ghost_is_put_out(worker: FakeWorker, ticket: Tickets) -> None:
    client, session = await _inside(worker, ticket())
    await Session.objects.filter(pk=session.pk).aupdate(revoked_at=timezone.now(), revoked_for=Ended.REMOVED)
    await sweep()
    await worker.next(wire.Dump)
    assert (await worker.next(wire.Remove)).session == str(session.pk)
    await client.leave()


async def test_rights_that_the_worker_missed_are_told_again(worker: FakeWorker, ticket: Tickets) -> None:
    """Valkey was away while a host forbade something: the worker would forward it for ever."""
    client, session = await _inside(worker, ticket())
    (participant,) = worker.rooms[0]["participants"]
    participant["grant"] = session.rights.digest()
    await sweep()
    await worker.next(wire.Dump)
    await Session.objects.filter(pk=session.pk).aupdate(grant={**session.grant, "sources": ["camera"]})
    await sweep()
    await worker.next(wire.Dump)
    permit: wire.Permit = await worker.next(wire.Permit)
    assert (permit.session, permit.grant.sources) == (str(session.pk), ("camera",))
    await client.leave()


async def test_an_empty_room_is_forgotten(worker: FakeWorker, room: Room) -> None:
    async with registry.valkey() as connection:
        await registry.claim(connection, str(room.pk))
        assert await registry.owner(connection, str(room.pk)) == worker.name
        await sweep()
        assert await registry.owner(connection, str(room.pk)) is None


async def test_without_an_answer_nothing_changes(
    worker: FakeWorker, ticket: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling_client, "DUMP_TIMEOUT_S", 0.5)
    client, session = await _inside(worker, ticket())
    async with FakeWorker("silent") as silent:
        silent.answers = False
        worker.rooms = []
        await sweep()
    await session.arefresh_from_db()
    assert session.left_at is None
    await client.leave()


async def test_old_sessions_are_deleted(worker: FakeWorker, ticket: Tickets) -> None:
    client, session = await _inside(worker, ticket())
    await sync_to_async(tasks.purge_sessions)()
    assert await Session.objects.aexists()
    await Session.objects.filter(pk=session.pk).aupdate(left_at=LONG_AGO)
    await sync_to_async(tasks.purge_sessions)()
    assert not await Session.objects.aexists()
    await client.leave()
