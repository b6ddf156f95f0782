"""A media worker for tests of the web side: real registry, real channel layer, answers made up by the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from types import TracebackType
from typing import Any, Self

from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from livekit.protocol import models, rtc
from redis.asyncio import Redis
from redis.exceptions import RedisError

from visio import wire

JOINED = rtc.SignalResponse(join=rtc.JoinResponse(participant=models.ParticipantInfo(sid="PA_test")))
RESUMED = rtc.SignalResponse(reconnect=rtc.ReconnectResponse())


class FakeWorker:
    """Registers as a worker, keeps the orders it gets and, while `answers`, lets everybody in."""

    def __init__(
        self, name: str = "", *, load: float = 0.0, draining: bool = False, url: str = "", prefix: str = ""
    ) -> None:
        self.name = name or f"fake-{secrets.token_hex(4)}"
        self.load = load
        self.draining = draining
        self.url = url or settings.REDIS_URL
        self.prefix = prefix or settings.REDIS_PREFIX
        self.answers = True
        self.turns_away = False
        self.orders: asyncio.Queue[wire.Message] = asyncio.Queue()
        self.sent: dict[str, int] = {}
        self.rooms: list[dict[str, Any]] = []
        self._layer: Any = RedisPubSubChannelLayer(hosts=[self.url], prefix=f"{self.prefix}.")
        self._tasks: list[asyncio.Task[None]] = []
        self._dead = asyncio.Event()

    @property
    def channel(self) -> str:
        """Give where it takes orders."""
        return wire.worker_channel(self.prefix, self.name)

    async def __aenter__(self) -> Self:
        await self.beat()
        self._tasks = [asyncio.create_task(self._keep_beating()), asyncio.create_task(self._run())]
        async with asyncio.timeout(5), Redis.from_url(self.url, decode_responses=True) as connection:
            while not dict(await connection.pubsub_numsub(self.channel))[self.channel]:  # noqa: ASYNC110  (Valkey has nothing to wait on)
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.die()
        self._tasks[1].cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._layer.flush()

    async def _keep_beating(self) -> None:
        while not self._dead.is_set():
            with contextlib.suppress(RedisError, OSError):
                await self.beat()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wire.HEARTBEAT_MS / 1000):
                    await self._dead.wait()

    async def beat(self) -> None:
        """Write the heartbeat, which lives until `die`: a test may hold up the loop that they share."""
        beat = wire.Heartbeat(self.name, load=self.load, draining=self.draining).to_json()
        async with Redis.from_url(self.url) as connection:
            await connection.sadd(wire.workers_key(self.prefix), self.name)
            await connection.set(wire.worker_key(self.prefix, self.name), beat)

    async def die(self) -> None:
        """Let the heartbeat end."""
        self._dead.set()
        await self._tasks[0]
        async with Redis.from_url(self.url) as connection:
            await connection.delete(wire.worker_key(self.prefix, self.name))

    async def next(self, kind: type[Any]) -> Any:
        """Give the next order, which must be of `kind`."""
        async with asyncio.timeout(5):
            order = await self.orders.get()
        assert isinstance(order, kind), order
        return order

    async def say(self, channel: str, *responses: rtc.SignalResponse, skip: int = 0) -> None:
        """Send responses to a socket; `skip` leaves out so many numbers before them."""
        first = self.sent.get(channel, 0) + 1 + skip
        self.sent[channel] = first + len(responses) - 1
        await self.send(channel, wire.Frames(channel, first, tuple(r.SerializeToString() for r in responses)))

    async def send(self, channel: str, report: wire.Report) -> None:
        """Send a report."""
        await self._layer.send(channel, wire.encode(report))

    async def _run(self) -> None:
        while True:
            order = wire.decode(await self._layer.receive(self.channel))
            if isinstance(order, wire.Connect) and self.turns_away:
                await self.send(order.channel, wire.Elsewhere(order.channel))
            elif isinstance(order, wire.Connect) and self.answers:
                join = rtc.JoinRequest.FromString(order.join)
                await self.say(order.channel, RESUMED if join.reconnect else JOINED)
            if isinstance(order, wire.Dump) and self.answers:
                await self._describe(order)
            await self.orders.put(order)

    async def _describe(self, order: wire.Dump) -> None:
        rooms = [room for room in self.rooms if room["name"] == order.room]
        body = (rooms[0] if rooms else None) if order.room else {"rooms": self.rooms}
        await self.send(order.channel, wire.Dumped(order.request, json.dumps(body)))
