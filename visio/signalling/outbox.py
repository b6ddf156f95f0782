"""Orders of one socket on their way to its worker: in order, numbered, patient while Valkey is away."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from visio import wire
from visio.signalling.publisher import Layer, Publisher
from visio.signalling.registry import VALKEY_ERRORS

logger = logging.getLogger("visio.signalling")

WAITING_MAX_BYTES = 2 * wire.FRAME_MAX_BYTES
"""What one client may have waiting while Valkey is away, such as its state and an offer after a resume in a large room;
with more than that it loses the socket."""
ORDER_BYTES = 256  # what an order costs besides its frame
RETRY_S = 0.25
SEND_TIMEOUT_S = 5
CLOSE_TIMEOUT_S = 2


class Outbox:
    """Sends the orders of one socket from a task of its own, so that a slow Valkey does not hold the socket up."""

    def __init__(self, layer: Layer, channel: str) -> None:
        self._layer = layer
        self._publisher = Publisher.borrow()
        self._channel = channel
        self._waiting: deque[tuple[wire.Order, int]] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._ended = False
        self._trouble = ""
        self._task = asyncio.create_task(self._run())

    def put(self, order: wire.Order, size: int = 0) -> bool:
        """Queue an order whose frame has `size` bytes; say whether there was room for it."""
        if self._waiting_bytes > WAITING_MAX_BYTES:
            return False
        self._waiting.append((order, size + ORDER_BYTES))
        self._waiting_bytes += size + ORDER_BYTES
        self._wake.set()
        return True

    @property
    def arrives(self) -> bool:
        """Tell whether the last order arrived, as far as is known."""
        return not self._trouble

    async def close(self) -> None:
        """Send what waits, for CLOSE_TIMEOUT_S at most."""
        self._ended = True
        self._wake.set()
        done, _ = await asyncio.wait([self._task], timeout=CLOSE_TIMEOUT_S)
        if not done:
            logger.warning("%d orders were not delivered", len(self._waiting))
            self.abort()
        await self._publisher.give_back()

    def abort(self) -> None:
        """Forget what waits."""
        self._task.cancel()

    async def _run(self) -> None:
        while not self._ended or self._waiting:
            if not self._waiting:
                await self._wake.wait()
                self._wake.clear()
                continue
            order, size = self._waiting[0]
            if await self._send(order):
                self._waiting.popleft()
                self._waiting_bytes -= size
            else:
                await asyncio.sleep(RETRY_S)

    async def _send(self, order: wire.Order) -> bool:
        """Publish; say whether the worker heard it. A worker is deaf for a second when Valkey has started again."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                heard = await self._publisher.send(self._channel, self._layer.serialize(wire.encode(order)))
        except VALKEY_ERRORS as error:
            self._note(f"Valkey is away ({type(error).__name__})")
            return False
        self._note("" if heard else "nobody listens")
        return heard > 0

    def _note(self, trouble: str) -> None:
        """Log that orders do not arrive, or do again: at each change, not at each try."""
        if trouble != self._trouble:
            logger.warning("orders to %s: %s", self._channel, trouble or "they arrive again")
        self._trouble = trouble
