"""The worker's entries in Valkey: its heartbeat and the rooms it owns, written again when Valkey lost them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from visio import wire

logger = logging.getLogger("visio.media")

TIMEOUT_S = 2.0
RETRY_S = 0.25


class Holder(Protocol):
    """Who holds rooms: says which, how busy it is, and gives up those that another worker owns."""

    def room_names(self) -> list[str]:
        """Give the rooms to be owned."""

    def heartbeat(self) -> wire.Heartbeat:
        """Describe the worker."""

    def lose(self, room: str, owner: str) -> None:
        """Give up a room that worker `owner` holds."""


class Registry:
    """One loop that brings Valkey to what the holder says, at once when told and at every heartbeat."""

    def __init__(self, url: str, prefix: str, worker: str, holder: Holder) -> None:
        # No tries inside the library: its pauses grow, and the first heartbeat after an outage must come soon.
        once = Retry(NoBackoff(), 0)
        self._valkey: Redis = Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=once
        )
        self._prefix = prefix
        self._worker = worker
        self._holder = holder
        self._released: set[str] = set()
        self._changed = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None
        self._trouble = ""
        self._closing = False

    def start(self) -> None:
        """Begin the heartbeat."""
        self._task = asyncio.create_task(self._run())

    @property
    def is_away(self) -> bool:
        """Tell whether Valkey is away, as far as is known."""
        return bool(self._trouble)

    def touch(self) -> None:
        """Write soon: a room was taken."""
        self._changed.set()

    def release(self, room: str) -> None:
        """Forget a room soon, if it is still this worker's."""
        self._released.add(room)
        self._changed.set()

    async def written(self) -> None:
        """Wait until Valkey has what the holder says now, however long it is away."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self._changed.set()
        await done

    async def others(self) -> int:
        """Count the living workers that take rooms, besides this one. Raise `RedisError` or `OSError`."""
        names = cast(set[bytes], await self._valkey.smembers(wire.workers_key(self._prefix)))
        keys = [wire.worker_key(self._prefix, name.decode()) for name in names]
        beats = [wire.Heartbeat.from_json(beat) for beat in (await self._valkey.mget(keys) if keys else []) if beat]
        return sum(beat.id != self._worker and not beat.draining for beat in beats)

    async def close(self) -> None:
        """Leave the registry: no heartbeat, no rooms."""
        self._closing = True
        self._changed.set()
        if self._task is not None:  # let it end by itself: the library swallows a cancellation now and then
            await asyncio.wait([self._task], timeout=2 * TIMEOUT_S)
            self._task.cancel()
        self._released.update(self._holder.room_names())
        try:
            await self._forget()
        except (RedisError, OSError) as error:
            logger.warning("not deregistered: Valkey is away (%s)", type(error).__name__)
        await self._valkey.aclose()

    async def _forget(self) -> None:
        async with self._valkey.pipeline(transaction=False) as pipe:
            pipe.srem(wire.workers_key(self._prefix), self._worker)
            pipe.delete(wire.worker_key(self._prefix, self._worker))
            for room in self._released:
                pipe.eval(wire.RELEASE_ROOM, 1, wire.room_key(self._prefix, room), self._worker)
            await pipe.execute()

    async def _run(self) -> None:
        while not self._closing:
            self._changed.clear()
            try:
                await self._write()
            except (RedisError, OSError) as error:
                self._note(f"Valkey is away ({type(error).__name__})")
                await asyncio.sleep(RETRY_S)
                continue
            except Exception:
                logger.exception("a heartbeat failed")
            await _either(self._changed.wait, wire.HEARTBEAT_MS / 1000)

    async def _write(self) -> None:
        waiting, held = len(self._waiting), list(self._holder.room_names())
        released = self._released.difference(held)
        beat = self._holder.heartbeat().to_json()
        async with self._valkey.pipeline(transaction=False) as pipe:
            pipe.sadd(wire.workers_key(self._prefix), self._worker)
            pipe.set(wire.worker_key(self._prefix, self._worker), beat, px=wire.WORKER_TTL_MS)
            for room in released:
                pipe.eval(wire.RELEASE_ROOM, 1, wire.room_key(self._prefix, room), self._worker)
            for room in held:
                key = wire.room_key(self._prefix, room)
                pipe.eval(wire.CLAIM_ROOM, 1, key, wire.worker_key(self._prefix, ""), self._worker)
            answers = cast(list[bytes], await pipe.execute())
        self._note_written(waiting, released)
        for room, owner in zip(held, answers[2 + len(released) :], strict=True):
            if owner.decode() != self._worker:
                self._holder.lose(room, owner.decode())

    def _note_written(self, waiting: int, released: set[str]) -> None:
        """Note what is in Valkey now, and tell those who waited for it before the write began."""
        self._note("")
        self._released -= released
        for done in self._waiting[:waiting]:
            if not done.done():
                done.set_result(None)
        del self._waiting[:waiting]

    def _note(self, trouble: str) -> None:
        """Log that heartbeats fail, or arrive again: at each change, not at each try."""
        if trouble != self._trouble:
            logger.warning("heartbeat: %s", trouble or "it arrives again")
        self._trouble = trouble


async def _either(wait: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Wait for what `wait` waits for, for `seconds` at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` loses a cancellation that comes with the result (bpo-37658)
            await wait()
