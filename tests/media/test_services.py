"""The worker's threads to the outside against a real Valkey: registry, bus, departures."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis

from visio import wire
from visio.media.bus import Bus
from visio.media.departures import Departure, Departures
from visio.media.registry import Registry


class Keeper:
    """A holder of rooms for the registry."""

    def __init__(self, *rooms: str) -> None:
        self.rooms = list(rooms)
        self.lost: list[tuple[str, str]] = []

    def room_names(self) -> list[str]:
        return self.rooms

    def heartbeat(self) -> wire.Heartbeat:
        return wire.Heartbeat("w", rooms=len(self.rooms), load=0.1)

    def lose(self, room: str, owner: str) -> None:
        self.rooms.remove(room)
        self.lost.append((room, owner))


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(4)}"


@pytest.fixture
async def server(valkey: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey) as client:
        yield client


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not (await result if asyncio.iscoroutine(result := condition()) else result):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_heartbeat_and_rooms_are_written(valkey: str, prefix: str, server: Redis) -> None:
    registry = Registry(valkey, prefix, "w", Keeper("r"))
    registry.start()
    await until(lambda: server.get(wire.room_key(prefix, "r")))
    described = await server.get(wire.worker_key(prefix, "w"))
    assert described
    assert wire.Heartbeat.from_json(described) == wire.Heartbeat("w", rooms=1, load=0.1)
    await registry.close()
    assert not [key async for key in server.scan_iter(f"{prefix}*")]


async def test_released_room_is_forgotten(valkey: str, prefix: str, server: Redis) -> None:
    keeper = Keeper("r")
    registry = Registry(valkey, prefix, "w", keeper)
    registry.start()
    await until(lambda: server.exists(wire.room_key(prefix, "r")))
    keeper.rooms.clear()
    registry.release("r")
    await until(lambda: _absent(server, wire.room_key(prefix, "r")))
    await registry.close()


async def test_lost_data_is_written_again(valkey: str, prefix: str, server: Redis) -> None:
    registry = Registry(valkey, prefix, "w", Keeper("r"))
    registry.start()
    await until(lambda: server.exists(wire.room_key(prefix, "r")))
    await server.delete(wire.room_key(prefix, "r"), wire.worker_key(prefix, "w"))
    await until(lambda: server.exists(wire.room_key(prefix, "r")))
    await until(lambda: server.exists(wire.worker_key(prefix, "w")))
    await registry.close()


async def test_room_of_another_living_worker_is_given_up(valkey: str, prefix: str, server: Redis) -> None:
    await server.set(wire.worker_key(prefix, "other"), "{}")
    await server.set(wire.room_key(prefix, "r"), "other")
    keeper = Keeper("r")
    registry = Registry(valkey, prefix, "w", keeper)
    registry.start()
    await until(lambda: keeper.lost)
    assert keeper.lost == [("r", "other")]
    await registry.close()
    assert await server.get(wire.room_key(prefix, "r")) == b"other"


async def test_orders_come_and_reports_go(valkey: str, prefix: str) -> None:
    orders: list[wire.Message] = []
    bus = Bus(valkey, prefix, f"{prefix}.media.w", orders.append)
    bus.start()
    web: Any = RedisPubSubChannelLayer(hosts=[valkey], prefix=f"{prefix}.")
    channel = await web.new_channel()
    order = wire.Disconnect("s", "c")
    await until(lambda: _sent(web, f"{prefix}.media.w", wire.encode(order), orders))
    assert orders[0] == order
    for number in range(3):
        bus.post(channel, wire.Close(channel, 1000, str(number)))
    received = [wire.decode(await web.receive(channel)) for _ in range(3)]
    assert received == [wire.Close(channel, 1000, str(number)) for number in range(3)]
    await bus.close(1.0)
    await web.flush()


async def test_foreign_order_is_refused(valkey: str, prefix: str) -> None:
    orders: list[wire.Message] = []
    bus = Bus(valkey, prefix, f"{prefix}.media.w", orders.append)
    bus.start()
    web: Any = RedisPubSubChannelLayer(hosts=[valkey], prefix=f"{prefix}.")
    await web.send(f"{prefix}.media.w", {"type": "nonsense", "v": 1})
    await until(lambda: _sent(web, f"{prefix}.media.w", wire.encode(wire.Disconnect("s", "c")), orders))
    assert set(orders) == {wire.Disconnect("s", "c")}
    await bus.close(1.0)
    await web.flush()


async def test_departures_reach_the_broker_in_order(valkey: str, prefix: str, server: Redis) -> None:
    queue = f"{wire.broker_key_prefix(prefix)}default"
    departures = Departures(valkey.replace("unix://", "redis+socket://", 1), prefix)
    departures.start()
    for number in range(3):
        departures.add(Departure(f"s{number}", "c", 1))
    await until(lambda: _length(server, queue, 3))
    await departures.close(1.0)
    tasks = [json.loads(message)["headers"] for message in reversed(await server.lrange(queue, 0, -1))]
    assert [task["task"] for task in tasks] == [wire.TASK_LEFT] * 3
    assert [task["argsrepr"] for task in tasks] == [f"['s{number}', 'c', 1, 0]" for number in range(3)]
    await server.delete(queue)


async def test_departures_wait_for_a_broker_that_is_away(tmp_path: Any) -> None:
    departures = Departures(f"redis+socket://{tmp_path}/nobody.sock", "nobody")
    departures.start()
    departures.add(Departure("s", "c", 1))
    await departures.close(0.2)


async def _absent(server: Redis, key: str) -> bool:
    return not await server.exists(key)


async def _length(server: Redis, queue: str, wanted: int) -> bool:
    return int(await server.llen(queue)) == wanted


async def _sent(web: Any, channel: str, payload: dict[str, Any], orders: list[wire.Message]) -> bool:
    """Send again until one came: the subscription of the bus takes a moment."""
    await web.send(channel, payload)
    await asyncio.sleep(0.02)
    return bool(orders)
