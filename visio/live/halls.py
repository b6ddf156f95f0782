"""The sockets of this process that hear the same: one subscription to the channel layer, however many they are."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from visio.live import news
from visio.signalling.admission import OURS
from visio.signalling.registry import VALKEY_ERRORS

logger = logging.getLogger("visio.live")
PACE_S = 0.3
"""Between two messages of which the second replaces the first."""
Message = dict[str, Any]


class Listener(Protocol):
    """A socket."""

    async def hear(self, message: Message) -> None:
        """Take a message of a group. Others wait for this call, so it does nothing that takes time."""

    async def settle(self, message: Message) -> None:
        """Take a message of a group, and come back when what it asks for is done."""


class Hall:
    """The listeners of one group."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live())
        self._round: asyncio.Task[None] | None = None
        self._pacing: asyncio.Task[None] | None = None
        self._newest: dict[str, Message] = {}
        self._due: dict[Listener, Message] = {}
        self.listeners: dict[Listener, None] = {}

    async def opened(self) -> None:
        """Wait until everything that is said to the group is heard. Raise what keeps it from being heard."""
        await asyncio.shield(self._opened)

    def close(self) -> None:
        """Hear no more."""
        self._life.cancel()
        for task in (self._round, self._pacing):
            if task:
                task.cancel()

    async def _live(self) -> None:
        layer, channel = get_channel_layer(), ""
        try:
            channel = await layer.new_channel()
            await layer.group_add(self._group, channel)
            self._opened.set_result(None)
            while True:
                await self._pass_on(await layer.receive(channel))
        except VALKEY_ERRORS as error:
            self._opened.set_exception(error)
        finally:
            with suppress(*VALKEY_ERRORS):
                await layer.group_discard(self._group, channel)

    async def _pass_on(self, message: Message) -> None:
        if message.get("in_turn"):
            self._take_turns(message)
        elif message.get("latest"):
            self._newest[message["latest"]] = message
            if self._pacing is None or self._pacing.done():
                self._pacing = asyncio.create_task(self._tell_newest())
        else:
            await self._tell(message)

    async def _tell(self, message: Message) -> None:
        for listener in list(self.listeners):
            try:
                await listener.hear(message)
            except Exception:
                logger.exception("a socket does not hear what the others hear")

    async def _tell_newest(self) -> None:
        """Tell what is the newest of its kind: at once, then not before some time has passed."""
        while self._newest:
            newest, self._newest = self._newest, {}
            for message in newest.values():
                await self._tell_read(message)
            await asyncio.sleep(PACE_S)

    async def _tell_read(self, message: Message) -> None:
        try:
            read = news.READ.get(message["type"])
            await self._tell(await database_sync_to_async(read)(message) if read else message)
        except OURS as error:
            logger.warning("a part of the service is away: %s", type(error).__name__)

    def _take_turns(self, message: Message) -> None:
        """Have one listener after the other do what takes time, so that whatever else they do is not kept waiting.

        Who has not had the turn when the same is said again does it once.
        """
        for listener in self.listeners:
            if "waiting" in message:  # what is due already may be for more than those who wait
                self._due.setdefault(listener, message)
            else:
                self._due[listener] = message
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_round())

    async def _go_round(self) -> None:
        while self._due:
            listener = next(iter(self._due))
            message = self._due.pop(listener)
            if listener in self.listeners:
                await listener.settle(message)


_halls: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Hall]] = WeakKeyDictionary()
"""A process has one event loop; each test has its own."""


def _here() -> dict[str, Hall]:
    return _halls.setdefault(asyncio.get_running_loop(), {})


async def join(group: str, listener: Listener) -> None:
    """Have `listener` hear what is said to `group` from now on. Raise one of `VALKEY_ERRORS` when it cannot."""
    halls = _here()
    hall = halls.get(group) or halls.setdefault(group, Hall(group))
    hall.listeners[listener] = None
    try:
        await hall.opened()
    except VALKEY_ERRORS:
        if halls.get(group) is hall:
            del halls[group]
        raise


def leave(group: str, listener: Listener) -> None:
    """Have `listener` hear nothing more of `group`."""
    halls = _here()
    hall = halls.get(group)
    if hall is None:
        return
    hall.listeners.pop(listener, None)
    if not hall.listeners:
        del halls[group]
        hall.close()
