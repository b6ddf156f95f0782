"""Orders to the media workers of an installation, and their descriptions, over the real channel layer."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.asyncio import Redis

from tests.stack import Stack
from visio import wire

Answer = TypeVar("Answer")


def ask(question: Coroutine[Any, Any, Answer]) -> Answer:
    """Wait for an answer in a thread of its own: in a browser test Playwright's event loop runs in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, question).result()


class Headquarters:
    """An asynchronous context manager that leaves no subscription behind."""

    def __init__(self, stack: Stack) -> None:
        self._prefix = stack.redis_prefix
        self._layer: Any = RedisPubSubChannelLayer(hosts=[stack.redis_url], prefix=f"{stack.redis_prefix}.")
        self._valkey: Redis = Redis.from_url(stack.redis_url)

    async def __aenter__(self) -> Headquarters:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._layer.flush()
        await self._valkey.aclose()

    async def room_keys(self) -> set[str]:
        """Give the rooms that the registry names."""
        prefix = wire.room_key(self._prefix, "")
        return {key.decode().removeprefix(prefix) async for key in self._valkey.scan_iter(f"{prefix}*")}

    async def workers(self) -> list[str]:
        """Give the workers with a heartbeat."""
        names = sorted([name.decode() async for name in self._valkey.sscan_iter(wire.workers_key(self._prefix))])
        return [name for name in names if await self._valkey.exists(wire.worker_key(self._prefix, name))]

    async def dumps(self) -> list[dict[str, Any]]:
        """Give the descriptions of all workers; one that ends before it answers is none of them."""
        found = []
        for worker in await self.workers():
            try:
                found.append(await self.dump(worker))
            except TimeoutError:
                if worker in await self.workers():
                    raise
        return found

    async def dump(self, worker: str, room: str = "") -> dict[str, Any]:
        """Give the description of a worker or of one of its rooms."""
        channel = await self._layer.new_channel()
        request = uuid.uuid4().hex
        await self.send(worker, wire.Dump(request, channel, room))
        async with asyncio.timeout(5):
            report = wire.decode(await self._layer.receive(channel))
        assert isinstance(report, wire.Dumped)
        assert report.request == request
        described: dict[str, Any] = json.loads(report.body)
        return described

    async def find(self, identity: str) -> tuple[str, str, dict[str, Any]]:
        """Give worker, room and description of the participant with this identity."""
        for dump in await self.dumps():
            for room in dump["rooms"]:
                for who in room["participants"]:
                    if who["identity"] == identity:
                        return dump["id"], room["name"], who
        raise LookupError(identity)

    async def send(self, worker: str, order: wire.Message) -> None:
        """Send an order to a worker."""
        await self._layer.send(wire.worker_channel(self._prefix, worker), wire.encode(order))

    async def settled(self) -> dict[str, int]:
        """Wait until no worker has a room; give the sum of their open files, tasks and memory."""
        async with asyncio.timeout(30):
            while any(dump["rooms"] for dump in await self.dumps()):  # noqa: ASYNC110  (other processes tell no event)
                await asyncio.sleep(0.1)
        return {key: sum(dump[key] for dump in await self.dumps()) for key in ("rss_bytes", "fds", "tasks")}
