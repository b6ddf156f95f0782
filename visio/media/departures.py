"""Telling Django, by Celery tasks that outlive a broker's absence, who is gone and what else happened."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from celery import Celery
from kombu.exceptions import OperationalError

from visio import wire
from visio.media.chat import Line
from visio.media.happenings import Happening

logger = logging.getLogger("visio.media")

RETRY_S = 1.0
BACKLOG = 50_000
SOCKET_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True)
class Departure:
    """A participant that is gone; `reason` is a `livekit.DisconnectReason` number, `spoken_ms` what nobody told yet."""

    TASK: ClassVar[str] = wire.TASK_LEFT
    session: str
    channel: str
    reason: int
    spoken_ms: int = 0

    def arguments(self) -> list[Any]:
        """Give what the task takes."""
        return [self.session, self.channel, self.reason, self.spoken_ms]


@dataclass(frozen=True, slots=True)
class Speech:
    """For how long participants of one room have spoken since the last report, by session."""

    TASK: ClassVar[str] = wire.TASK_SPOKE
    spoken_ms: dict[str, int]

    def arguments(self) -> list[Any]:
        """Give what the task takes."""
        return [self.spoken_ms]


@dataclass(frozen=True, slots=True)
class Happenings:
    """What happened at once, in its order; the `number` of a worker's reports counts from 1."""

    TASK: ClassVar[str] = wire.TASK_HAPPENED
    worker: str
    number: int
    happened: tuple[Happening, ...]

    def arguments(self) -> list[Any]:
        """Give what the task takes."""
        return [self.worker, self.number, [happening.to_dict() for happening in self.happened]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of chat of a LiveKit client; the `number` of a worker's lines counts from 1."""

    TASK: ClassVar[str] = wire.TASK_SPOKEN
    worker: str
    number: int
    session: str
    line: Line

    def arguments(self) -> list[Any]:
        """Give what the task takes."""
        return [self.worker, self.number, self.session, asdict(self.line)]


Fact = Departure | Speech | Happenings | Spoken


class Departures:
    """A queue of facts that a thread hands to the broker, in order, until each is taken."""

    def __init__(self, broker_url: str, prefix: str) -> None:
        # `fixups=[]`: Celery would otherwise set Django up because its settings module is in the environment.
        self._celery = Celery("visio-media", broker=broker_url, fixups=[], set_as_current=False)
        # `_run` tries again by itself; kombu's own tries would hold the thread, and the worker's end, for 6 s.
        options = {
            "global_keyprefix": wire.broker_key_prefix(prefix),
            "socket_timeout": SOCKET_TIMEOUT_S,
            "socket_connect_timeout": SOCKET_TIMEOUT_S,
            "max_retries": 1,
            "interval_start": 0,
            "interval_max": 0,
        }
        self._celery.conf.update(task_default_queue="default", broker_transport_options=options)
        self._waiting: deque[Fact] = deque(maxlen=BACKLOG)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to hand over."""
        self._task = asyncio.create_task(self._run())

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, fact: Fact) -> None:
        """Queue a fact."""
        self._waiting.append(fact)
        self._wake.set()

    async def close(self, patience_s: float) -> None:
        """Hand over what waits, for at most `patience_s` seconds, then end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        try:
            await asyncio.wait_for(self._drain(), patience_s)
        except (TimeoutError, OperationalError):
            logger.warning("%d facts were not reported", len(self._waiting))
        await asyncio.to_thread(self._celery.close)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._drain()
            except OperationalError as error:
                logger.warning("departures: the broker is away (%s)", type(error).__name__)
                await asyncio.sleep(RETRY_S)
                self._wake.set()

    async def _drain(self) -> None:
        while self._waiting:
            try:
                await asyncio.to_thread(self._send, self._waiting[0])
            except OperationalError:
                raise
            except Exception:
                logger.exception("a fact cannot be reported")  # nor ever will be: those behind it must not wait
            self._waiting.popleft()

    def _send(self, fact: Fact) -> None:
        self._celery.send_task(fact.TASK, fact.arguments(), ignore_result=True, retry=False)
