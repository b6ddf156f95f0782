"""The channel layer of a worker without Django: orders in, reports out in order, patient while Valkey is away."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from visio import wire

logger = logging.getLogger("visio.media")

RETRY_S = 0.25
BACKLOG_REPORTS = 20_000
"""Reports kept while Valkey is away; past this they are dropped and the gap in the numbers tells web."""
BATCH = 100
"""Reports that go to Valkey at once: each alone would cost half a millisecond, and a join is told to everybody."""


class Bus:
    """Takes orders from `channel` and gives each to `handle`; publishes reports in their order."""

    def __init__(self, url: str, prefix: str, channel: str, handle: Callable[[wire.Message], None]) -> None:
        self._layer: Any = RedisPubSubChannelLayer(hosts=[url], prefix=f"{prefix}.")
        self._valkey = Redis.from_url(url)
        self._channel = channel
        self._handle = handle
        self._backlog: deque[tuple[str, dict[str, Any]]] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.dropped = 0

    def start(self) -> None:
        """Begin to take orders and to publish."""
        self._idle.set()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    def post(self, channel: str, report: wire.Report) -> None:
        """Queue a report; what does not fit in the backlog is dropped and counted."""
        if len(self._backlog) >= BACKLOG_REPORTS:
            self.dropped += 1
            return
        self._backlog.append((channel, wire.encode(report)))
        self._idle.clear()
        self._wake.set()

    async def close(self, patience_s: float) -> None:
        """Publish what waits, for at most `patience_s` seconds, then end."""
        try:
            await asyncio.wait_for(self._idle.wait(), patience_s)
        except TimeoutError:
            logger.warning("%d reports were not delivered", len(self._backlog))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._layer.flush()
        await self._valkey.aclose()

    async def _read(self) -> None:
        while True:
            try:
                payload = await self._layer.receive(self._channel)
            except (RedisError, OSError) as error:
                logger.warning("orders: Valkey is away (%s)", type(error).__name__)
                # A failed subscription stays in the layer as if it had worked; only a flush makes it subscribe anew.
                await self._layer.flush()
                await asyncio.sleep(RETRY_S)
                continue
            self._take(payload)

    def _take(self, payload: dict[str, Any]) -> None:
        try:
            self._handle(wire.decode(payload))
        except wire.WireError as error:
            logger.warning("order refused: %s", error)
        except Exception:
            logger.exception("an order failed")

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            while self._backlog:
                batch = list(islice(self._backlog, BATCH))
                if await self._publish(batch):
                    for _ in batch:
                        self._backlog.popleft()
                else:
                    await asyncio.sleep(RETRY_S)
            self._wake.clear()
            self._idle.set()

    async def _publish(self, batch: Iterable[tuple[str, dict[str, Any]]]) -> bool:
        """Publish reports as the layer would; tell whether Valkey took all of them. Web knows those that come again."""
        pipe = self._valkey.pipeline(transaction=False)
        for channel, payload in batch:
            pipe.publish(channel, self._layer.serialize(payload))
        try:
            await pipe.execute()
        except (RedisError, OSError) as error:
            logger.warning("reports: Valkey is away (%s)", type(error).__name__)
            return False
        return True
