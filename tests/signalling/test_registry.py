"""Which worker gets a room."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from livekit.protocol import models

from tests.signalling.worker import FakeWorker
from visio import wire
from visio.signalling import client, registry
from visio.signalling.errors import NoWorkerError


async def test_the_least_loaded_worker_gets_a_new_room(layer: None) -> None:
    async with FakeWorker("busy", load=0.9), FakeWorker("idle", load=0.1), registry.valkey() as connection:
        assert await registry.claim(connection, "a-room") == "idle"


async def test_a_room_stays_with_its_owner(layer: None) -> None:
    async with registry.valkey() as connection, FakeWorker("owner", load=0.9):
        assert await registry.claim(connection, "kept-room") == "owner"
        async with FakeWorker("idle", load=0.1):
            assert await registry.claim(connection, "kept-room") == "owner"


async def test_a_draining_worker_keeps_its_rooms_and_gets_no_new_one(layer: None) -> None:
    async with registry.valkey() as connection, FakeWorker("busy", load=0.9), FakeWorker("leaving") as leaving:
        assert await registry.claim(connection, "held-room") == "leaving"
        leaving.draining = True
        await leaving.beat()
        assert await registry.claim(connection, "held-room") == "leaving"
        assert await registry.claim(connection, "new-room") == "busy"
        await registry.disclaim(connection, "held-room", "leaving")
        assert await registry.claim(connection, "held-room") == "busy"


async def test_a_burst_of_rooms_is_spread(layer: None) -> None:
    async with FakeWorker("a"), FakeWorker("b"):
        owners = Counter(await asyncio.gather(*(_claim(f"burst-{number}") for number in range(20))))
    assert owners == {"a": 10, "b": 10}


async def _claim(room: str) -> str:
    async with registry.valkey() as connection:
        return await registry.claim(connection, room)


async def test_a_dead_owner_loses_its_room(layer: None) -> None:
    async with registry.valkey() as connection, FakeWorker("heir"):
        async with FakeWorker("mortal", load=-1.0):
            assert await registry.claim(connection, "lost-room") == "mortal"
        assert await registry.owner(connection, "lost-room") is None
        assert await registry.claim(connection, "lost-room") == "heir"


async def test_nobody_is_there(layer: None) -> None:
    async with registry.valkey() as connection:
        with pytest.raises(NoWorkerError):
            await registry.claim(connection, "any-room")


async def test_orders_reach_the_owner(layer: None) -> None:
    async with registry.valkey() as connection, FakeWorker("obedient") as worker:
        await registry.claim(connection, "ordered-room")
        assert await client.mute("ordered-room", "a-session", "TR_1", muted=True)
        assert await worker.next(wire.Mute) == wire.Mute("ordered-room", "a-session", "TR_1", muted=True)
        assert await client.permit("ordered-room", "a-session", wire.Grant("alice"))
        assert (await worker.next(wire.Permit)).grant == wire.Grant("alice")
    assert not await client.remove("unknown-room", "a-session", models.PARTICIPANT_REMOVED)


async def test_a_room_describes_itself(layer: None) -> None:
    async with registry.valkey() as connection, FakeWorker("talkative") as worker:
        worker.rooms = [{"name": "described-room", "participants": []}]
        await registry.claim(connection, "described-room")
        assert await client.dump_room("described-room") == {**worker.rooms[0], "worker": worker.name}
        assert await client.dump_room("unknown-room") is None
