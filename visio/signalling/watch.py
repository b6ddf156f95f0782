"""The watch over media workers: one task per web process that tells sockets when their worker has died."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import Protocol

from redis.asyncio import Redis

from visio.signalling import metrics, registry
from visio.signalling.vigil import PERIOD_S, Vigil

logger = logging.getLogger("visio.signalling")


class Watched(Protocol):
    """A socket that wants to know."""

    async def worker_died(self) -> None:
        """Take note that the worker is gone."""


class Watch:
    """Looks at the heartbeats of the workers that sockets of this process talk to."""

    def __init__(self) -> None:
        self._sockets: defaultdict[str, set[Watched]] = defaultdict(set)
        self._vigil = Vigil()
        self._task: asyncio.Task[None] | None = None

    def add(self, worker: str, socket: Watched) -> None:
        """Begin to watch `worker` for `socket`."""
        self._sockets[worker].add(socket)
        if self._task is None or self._task.done():
            self._vigil.rest()
            self._task = asyncio.create_task(self._run())

    def discard(self, worker: str, socket: Watched) -> None:
        """Stop watching `worker` for `socket`; the task ends by itself after the last one."""
        self._sockets[worker].discard(socket)
        if not self._sockets[worker]:
            del self._sockets[worker]

    async def _run(self) -> None:
        async with registry.valkey(tries=1) as connection:
            while self._sockets:
                await self._look(connection)
                await asyncio.sleep(PERIOD_S)

    async def _look(self, connection: Redis) -> None:
        workers = list(self._sockets)
        clock = asyncio.get_running_loop().time
        try:
            signs = await registry.signs(connection, workers)
        except registry.VALKEY_ERRORS as error:
            logger.warning("watch: Valkey is away (%s)", type(error).__name__)
            self._vigil.be_patient(clock())
            registry.trouble.note()
            return
        for worker in self._vigil.look(workers, signs, clock()):
            metrics.DEAD_WORKERS.inc()
            logger.error("worker %s is dead", worker)
            await self._tell(worker)

    async def _tell(self, worker: str) -> None:
        for socket in list(self._sockets.get(worker, ())):
            await socket.worker_died()


watch = Watch()
