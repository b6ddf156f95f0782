"""Which media workers live and which of them owns a room, as Valkey knows it (key names: `visio.wire`)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings
from redis.asyncio import Redis, from_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from visio import wire
from visio.signalling.errors import NoWorkerError
from visio.signalling.placement import Placement
from visio.signalling.vigil import SETTLING_S, Signs
from visio.wire import Heartbeat

VALKEY_TIMEOUT_S = 2
VALKEY_ERRORS = (RedisError, OSError, TimeoutError)

placement = Placement()


class Trouble:
    """When this process last found Valkey away."""

    def __init__(self) -> None:
        self._noted_at = -SETTLING_S

    def note(self) -> None:
        """Take note that Valkey does not answer."""
        self._noted_at = time.monotonic()

    @property
    def age_s(self) -> float:
        """Give the seconds since then."""
        return time.monotonic() - self._noted_at


trouble = Trouble()


@asynccontextmanager
async def valkey(tries: int | None = None) -> AsyncIterator[Redis]:
    """Give a connection to Valkey for a short while; every answer comes within VALKEY_TIMEOUT_S or raises.

    With one of the `tries` a lost connection is not mended unseen.
    """
    options: dict[str, Any] = {"socket_timeout": VALKEY_TIMEOUT_S, "socket_connect_timeout": VALKEY_TIMEOUT_S}
    if tries is not None:
        options["retry"] = Retry(NoBackoff(), tries - 1)
    connection = from_url(settings.REDIS_URL, decode_responses=True, **options)
    try:
        yield connection
    except VALKEY_ERRORS:
        trouble.note()
        raise
    finally:
        await connection.aclose()


async def workers(connection: Redis) -> list[Heartbeat]:
    """Give the living workers."""
    names = sorted(map(str, await connection.smembers(wire.workers_key(settings.REDIS_PREFIX))))
    if not names:
        return []
    beats = await connection.mget([wire.worker_key(settings.REDIS_PREFIX, name) for name in names])
    return [Heartbeat.from_json(beat) for beat in beats if beat]


async def heartbeats(connection: Redis, names: list[str]) -> dict[str, Heartbeat]:
    """Give the heartbeats of those of the workers `names` that have one."""
    beats = await connection.mget([wire.worker_key(settings.REDIS_PREFIX, name) for name in names])
    return {name: Heartbeat.from_json(beat) for name, beat in zip(names, beats, strict=True) if beat}


async def signs(connection: Redis, names: list[str]) -> Signs:
    """Give the signs of life of the workers `names`; who has a heartbeat is not asked whether it listens."""
    beats = await heartbeats(connection, names)
    alive = {name: beat.lag_ms / 1000 for name, beat in beats.items()}
    if not (missing := [name for name in names if name not in alive]):
        return Signs(alive)
    channels = [wire.worker_channel(settings.REDIS_PREFIX, name) for name in missing]
    listeners = dict(await connection.pubsub_numsub(*channels))
    return Signs(alive, {name for name, channel in zip(missing, channels, strict=True) if listeners.get(channel)})


async def claim(connection: Redis, room: str) -> str:
    """Give the id of the worker that owns `room`; an ownerless room goes to the least busy worker.

    Raise `NoWorkerError` when none takes rooms.
    """
    await settle(connection)
    if current := await owner(connection, room):
        return current
    living = await workers(connection)
    chosen = placement.choose(living, room, time.monotonic())
    if chosen is None:
        raise NoWorkerError
    prefix = settings.REDIS_PREFIX
    script, key, beats = wire.CLAIM_ROOM, wire.room_key(prefix, room), wire.worker_key(prefix, "")
    claimed = str(await connection.eval(script, 1, key, beats, chosen))
    if claimed != chosen:
        placement.withdraw(room)
    return claimed


async def disclaim(connection: Redis, room: str, worker: str) -> None:
    """Take `room` from `worker`, which does not want it."""
    await connection.eval(wire.RELEASE_ROOM, 1, wire.room_key(settings.REDIS_PREFIX, room), worker)
    placement.withdraw(room)


async def owner(connection: Redis, room: str) -> str | None:
    """Give the id of the living worker that owns `room`, or nothing."""
    name = await connection.get(wire.room_key(settings.REDIS_PREFIX, room))
    if name is None or not await heartbeats(connection, [str(name)]):
        return None
    return str(name)


async def prune(connection: Redis, held: set[str]) -> None:
    """Forget the rooms that are not `held`: claimed for a client that never came, or by a worker that died."""
    prefix = wire.room_key(settings.REDIS_PREFIX, "")
    async for key in connection.scan_iter(f"{prefix}*"):
        if key.removeprefix(prefix) not in held:
            await connection.delete(key)


async def settle(connection: Redis) -> None:
    """Wait while living workers and their rooms may not be registered again: Valkey is young, or was away."""
    uptime_s = int((await connection.info("server"))["uptime_in_seconds"])
    pause_s = SETTLING_S - min(uptime_s, trouble.age_s)
    if pause_s > 0:
        await asyncio.sleep(pause_s)
