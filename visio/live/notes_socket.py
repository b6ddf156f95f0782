"""The socket of the shared notes, `/ws/rooms/<slug>/notes/`: Yjs's sync protocol for those who are in the meeting."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, ClassVar

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from django.http import parse_cookie

from visio.live import gate, notes_protocol, seat
from visio.live.models.notes import Notes, TooLargeError
from visio.live.notes_protocol import EMPTY, FRAME_MAX_BYTES, Frame, Step
from visio.live.protocol import Close, Code, MessageError
from visio.live.seat import Seat
from visio.live.shared_notes import SharedNotes
from visio.live.yjs import UnreadableError
from visio.rooms.abilities import Action, decide
from visio.signalling.admission import OURS
from visio.signalling.denial import deny
from visio.signalling.rate import Bucket

logger = logging.getLogger("visio.live")
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
CHANGED = "notes.changed"
RECHECK_S = 10
"""How often it is asked anew whether somebody who only reads may still read."""


class NotesConsumer(AsyncConsumer):
    """One browser that has the notes open."""

    here: Seat
    notes: SharedNotes
    group = ""
    may_write = False
    is_behind = False
    """Something that this browser wrote was not taken: what it writes next would stand on what is missing here."""
    is_closing = False
    watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        """Live the socket's life."""
        headers = gate.headers_of(scope)
        self.here = seat.of_cookies(scope["url_route"]["kwargs"]["slug"], parse_cookie(headers.get("cookie", "")))
        per_s, burst = notes_protocol.FRAMES_PER_S, notes_protocol.BURST
        self.frames = Bucket(per_second=per_s, burst=burst, now=time.monotonic())
        per_s, burst = notes_protocol.BYTES_PER_S, notes_protocol.BYTES_BURST
        self.bytes = Bucket(per_second=per_s, burst=burst, now=time.monotonic())
        life = super().__call__
        try:
            await gate.guard(headers, send, lambda: life(scope, receive, send))  # type: ignore[no-untyped-call]
        finally:
            if self.watch:
                self.watch.cancel()

    async def dispatch(self, message: Message) -> None:
        """Give a message to its handler."""
        await self.ROUTES[message["type"]](self, message)

    async def connect(self, _message: Message) -> None:
        """Take the socket of somebody who is in the meeting, and begin to bring both documents together."""
        try:
            found = await database_sync_to_async(self._look)()
        except MessageError:
            await deny(self._give, HTTPStatus.FORBIDDEN, "only those who are in the meeting read its notes")
            raise StopConsumer from None
        self.notes, self.group = SharedNotes.of(found), f"notes.{found}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self._give({"type": "websocket.accept"})
        await self._say("welcome", writable=self.may_write, gathering=str(found))
        await self._catch_up()
        await self._frame(Step.STATE, self.notes.state())
        self.watch = asyncio.create_task(self._recheck())

    def _look(self) -> Any:
        """Find out anew who this is and what they may. Raise `MessageError` for who may not read."""
        self.here, room, person = seat.in_meeting(self.here)
        self.may_write = decide(Action.WRITE_NOTES, room.facts, person).allowed
        gathering = self.here.gathering()
        if self.group and self.notes.gathering != gathering.pk:
            raise MessageError(Code.NOBODY, Close.NOT_ALLOWED)
        return gathering.pk

    async def _recheck(self) -> None:
        try:
            await self._look_again_and_again()
        except OURS as error:
            logger.warning("a part of the service is away: %s", type(error).__name__)
            await self._close(Close.TRY_AGAIN)

    async def _look_again_and_again(self) -> None:
        while not self.is_closing:
            await asyncio.sleep(RECHECK_S)
            before = self.may_write
            if await self._is_allowed() and before != self.may_write:
                await self._say("welcome", writable=self.may_write, gathering=self.group.partition(".")[2])

    async def _is_allowed(self) -> bool:
        """Look again whether this person may be here; close the socket otherwise."""
        try:
            await database_sync_to_async(self._look)()
        except MessageError:
            await self._close(Close.NOT_ALLOWED)
        return not self.is_closing

    async def _is_writer(self) -> bool:
        """Look again whether this person may write; say so otherwise."""
        is_allowed = await self._is_allowed()
        if is_allowed and not self.may_write:
            await self._say("error", code="not_allowed")
        return is_allowed and self.may_write

    async def receive(self, message: Message) -> None:
        """Answer a frame of the browser."""
        if self.is_closing:
            return
        data = message.get("bytes")
        if not isinstance(data, bytes):
            await self._close(Close.PROTOCOL)
        elif len(data) > FRAME_MAX_BYTES:
            await self._close(Close.TOO_LARGE)
        elif not (self.frames.take(time.monotonic()) and self.bytes.take(time.monotonic(), len(data))):
            await self._close(Close.POLICY)
        else:
            await self._read(data)

    async def _read(self, data: bytes) -> None:
        if notes_protocol.changes(data) and not await self._is_writer():
            return  # what would not be kept is not worth the work of reading it
        try:
            frame = await asyncio.to_thread(notes_protocol.read, data)
        except UnreadableError:
            await self._close(Close.PROTOCOL)
            return
        await (self._answer if frame.step is Step.STATE else self._change)(frame)

    async def _answer(self, frame: Frame) -> None:
        """Send what the browser lacks, and ask it for what is lacking here if something is."""
        await self._catch_up()
        await self._frame(Step.MISSING, self.notes.missing(frame.content))
        if self.is_behind:
            await self._frame(Step.STATE, self.notes.state())

    async def _change(self, frame: Frame) -> None:
        """Keep what somebody has written, then tell everybody."""
        if frame.content == EMPTY:
            return
        try:
            await database_sync_to_async(Notes.add)(self.notes.gathering, frame.content)
        except TooLargeError:
            self.is_behind = True
            await self._say("error", code="full")
            return
        if self.is_behind and frame.step is Step.MISSING:
            self.is_behind = False
            await self._say("welcome", writable=self.may_write, gathering=self.group.partition(".")[2])
        self.notes.add(frame.content)
        by = {"identity": self.here.identity, "name": self.here.name}
        told = {"type": CHANGED, "update": frame.content, "by": by, "sender": self.channel_name}
        await self.channel_layer.group_send(self.group, told)

    async def changed(self, message: Message) -> None:
        """Pass on what somebody else has written, and who it was."""
        if message["sender"] == self.channel_name or self.is_closing:
            return
        self.notes.add(message["update"])
        await self._frame(Step.UPDATE, message["update"])
        await self._say("writing", **message["by"])

    async def disconnected(self, _message: Message) -> None:
        """Leave."""
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)
        raise StopConsumer

    ROUTES: ClassVar[dict[str, Callable[[NotesConsumer, Message], Awaitable[None]]]] = {
        "websocket.connect": connect,
        "websocket.receive": receive,
        "websocket.disconnect": disconnected,
        CHANGED: changed,
    }

    # --- tools ------------------------------------------------------------------------------------------

    async def _catch_up(self) -> None:
        """Take from the database what other processes have kept; a message of theirs may have been lost."""
        self.notes.take(await database_sync_to_async(self.notes.unseen)())

    async def _frame(self, step: Step, content: bytes) -> None:
        await self._give({"type": "websocket.send", "bytes": notes_protocol.write(step, content)})

    async def _say(self, type: str, **what: Any) -> None:  # noqa: A002
        await self._give({"type": "websocket.send", "text": json.dumps({"type": type, **what})})

    async def _give(self, message: Message) -> None:
        await self.send(message)  # type: ignore[no-untyped-call]  # Channels has no types

    async def _close(self, code: int) -> None:
        if not self.is_closing:
            self.is_closing = True
            await self._give({"type": "websocket.close", "code": code})
