"""Publishing on the channel layer's channels with the number of those who heard it, which the layer itself hides."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio import BlockingConnectionPool, Redis

from visio.signalling.registry import VALKEY_TIMEOUT_S

CONNECTIONS = 4
"""Each answers thousands of times a second; more of them only let one slow answer hold fewer sockets up."""


class Layer(Protocol):
    """The part of the channel layer that writes messages."""

    def serialize(self, message: dict[str, Any]) -> bytes:
        """Give the bytes that `message` travels as."""


class Publisher:
    """The few connections to Valkey on which all sockets of a process publish; open while one of them needs it."""

    _running: WeakKeyDictionary[asyncio.AbstractEventLoop, Publisher] = WeakKeyDictionary()

    def __init__(self) -> None:
        limits = {"socket_connect_timeout": VALKEY_TIMEOUT_S, "max_connections": CONNECTIONS}
        self._valkey = Redis.from_pool(BlockingConnectionPool.from_url(settings.REDIS_URL, **limits))
        self._users = 0

    @classmethod
    def borrow(cls) -> Publisher:
        """Give the publisher of this event loop, to be given back."""
        return cls._running.setdefault(asyncio.get_running_loop(), cls()).lend()

    def lend(self) -> Publisher:
        """Count one more user."""
        self._users += 1
        return self

    async def send(self, channel: str, message: bytes) -> int:
        """Publish `message` on `channel`; give how many processes listened there."""
        return int(await self._valkey.publish(channel, message))

    async def give_back(self) -> None:
        """Close the connections when nobody else needs them."""
        self._users -= 1
        if not self._users:
            self._running.pop(asyncio.get_running_loop(), None)
            await self._valkey.aclose()
