"""One accepted socket: frames from the client to its worker, reports of the worker to the client, fresh tokens."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Protocol

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone
from livekit.protocol import models, rtc

from visio import wire
from visio.rooms import tickets
from visio.signalling import frames, rights, sessions
from visio.signalling.errors import FrameError, RefusedError
from visio.signalling.models import Session
from visio.signalling.outbox import Outbox
from visio.signalling.rate import Bucket

logger = logging.getLogger("visio.signalling")

BURST_S = 5
"""A page that lays out a hundred tiles anew sends a few hundred settings at once, then almost nothing."""
BYTES_PER_S, BYTES_BURST = 1024 * 1024, 8 * 1024 * 1024
"""In a room of 200 an offer has 0.7 MB, and comes once in several seconds at most."""
ANSWER_S = 4
"""For the worker's first frame; clients give up after five seconds."""
REFRESH_S = 300
REFRESH_RETRY_S = 30


class Socket(Protocol):
    """The client's side."""

    async def send(self, message: dict[str, Any]) -> None:
        """Send an ASGI message."""


class Conversation:
    """Passes messages both ways until one side closes; `first` tells that the socket opened the session."""

    def __init__(self, socket: Socket, outbox: Outbox, session: Session, *, first: bool) -> None:
        self.session = session
        self.channel = session.channel
        self._socket = socket
        self._outbox = outbox
        self._first = first
        self._textual = False
        self._heard = False
        self._said_goodbye = False
        self._closing = False
        self._sent = 0
        self._received = 0
        self._answered = asyncio.Event()
        per_second = settings.SIGNAL_MESSAGES_PER_S
        self._bucket = Bucket(per_second=per_second, burst=BURST_S * per_second, now=time.monotonic())
        self._bytes = Bucket(per_second=BYTES_PER_S, burst=BYTES_BURST, now=time.monotonic())
        self._tending = asyncio.create_task(self._tend())

    # --- from the client --------------------------------------------------------------------------------

    async def hear(self, frame: bytes | str) -> None:
        """Pass a client's frame on, or close the socket when it should not have been sent."""
        if self._closing:
            return
        try:
            request = self._forward(frame)
        except FrameError as error:
            if error.close in (frames.POLICY, frames.TOO_LARGE):  # coming back at once would end the same way
                await self._pass(frames.goodbye(models.STATE_MISMATCH))
            await self.close(error.close, error.reason)
            return
        if not self._outbox.arrives and (pong := frames.pong(request, time.time_ns() // 1_000_000)):
            await self._pass(pong)  # the worker cannot answer, and a client without answers ends its media too

    def _forward(self, frame: bytes | str) -> rtc.SignalRequest:
        now = time.monotonic()
        if not self._bucket.take(now) or not self._bytes.take(now, len(frame)):
            raise FrameError(frames.POLICY, "too many messages")
        request = frames.read(frame)
        self._textual = isinstance(frame, str)
        self._heard = True
        kind = request.WhichOneof("message")
        if kind is None:
            return request
        self._said_goodbye = kind == "leave"
        data = frame if isinstance(frame, bytes) else request.SerializeToString()
        self._sent += 1
        signal = wire.Signal(str(self.session.pk), self.channel, self._sent, data)
        if not self._outbox.put(signal, len(data)):
            raise FrameError(frames.TRY_AGAIN, "too much waits for the worker")
        return request

    # --- from the worker --------------------------------------------------------------------------------

    async def pass_frames(self, report: wire.Frames) -> None:
        """Give the worker's frames to the client; close the socket when some before them were lost."""
        if report.sequence > self._received + 1:
            await self.close(frames.RESUME, "reports were lost")
            return
        fresh = report.frames[self._received + 1 - report.sequence :]  # the worker repeats what it is unsure of
        self._received += len(fresh)
        if fresh and not self._answered.is_set():
            await self._begin(fresh[0])
            fresh = fresh[1:]
        for frame in fresh:
            await self._pass(frame)

    async def _begin(self, frame: bytes) -> None:
        """Give the client the worker's first frame and, when it is in, a token: its ticket opens no second socket.

        Who loses the connection before the token has come could not resume.
        """
        await self._note_answer(frame)
        await self._pass(frame)
        if self._answered.is_set():
            await self._pass(frames.refresh(self._token(self.session)))

    async def _note_answer(self, frame: bytes) -> None:
        """Write that the ticket has done its work, before the client learns that it is in."""
        if frames.kind(frame) not in ("join", "reconnect"):
            return
        try:
            is_latest = await database_sync_to_async(sessions.answered)(self.session.pk, self.channel, timezone.now())
        except RefusedError as refusal:
            await self._turn_away(refusal)
            return
        if is_latest:
            await database_sync_to_async(rights.confirm)(self.session)
            self._answered.set()
        else:
            await self.close(frames.TRY_AGAIN, "the ticket was used on another socket")

    async def _turn_away(self, refusal: RefusedError) -> None:
        """Take back what the worker has done, in the words with which it turns people away itself."""
        removal = wire.Remove(str(self.session.room_id), str(self.session.pk), models.JOIN_FAILURE)
        self._outbox.put(removal)
        await self._pass(frames.goodbye(models.JOIN_FAILURE))
        await self.close(frames.NORMAL, refusal.code)

    async def _pass(self, frame: bytes) -> None:
        if self._closing:
            return
        content = {"text": frames.text(frame)} if self._textual else {"bytes": frame}
        await self._socket.send({"type": "websocket.send", **content})

    async def change(self, outbox: Outbox) -> None:
        """Go on with another worker, which has not heard anything of this socket; nothing was said to the first one."""
        former, self._outbox = self._outbox, outbox
        await former.close()
        if self._sent:
            await self.close(frames.TRY_AGAIN, "the worker changed within a conversation")

    # --- of our own -------------------------------------------------------------------------------------

    async def worker_died(self) -> None:
        """Send the client to another worker."""
        await self._pass(frames.come_back())
        await self.close(frames.RESTARTED, "the worker died")

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; `reason` goes to the log and the client."""
        if self._closing:
            return
        self._closing = True
        logger.info("session %s: closing, %s %s", self.session.pk, code, reason)
        await self._socket.send({"type": "websocket.close", "code": code, "reason": reason})

    async def end(self, code: int) -> None:
        """Clean up after a socket that closed with `code`."""
        self._tending.cancel()
        if not self._said_goodbye:
            self._outbox.put(wire.Disconnect(str(self.session.pk), self.channel))
        await self._outbox.close()
        if self._first and code == frames.ABNORMAL and not self._heard:
            await self._release()
        logger.info("session %s: socket closed, %s", self.session.pk, code)

    async def _release(self) -> None:
        try:
            await database_sync_to_async(sessions.release)(self.session.pk, self.channel)
        except DatabaseError as error:
            logger.warning("session %s: its ticket stays used (%s)", self.session.pk, type(error).__name__)

    async def _tend(self) -> None:
        """Close the socket when the worker does not answer; then hand out fresh tokens."""
        try:
            await asyncio.wait_for(self._answered.wait(), ANSWER_S)
        except TimeoutError:
            await self.close(frames.TRY_AGAIN, "the worker does not answer")
            return
        pause_s = _pause_s()
        while True:
            await asyncio.sleep(pause_s)
            pause_s = await self._refresh()

    async def _refresh(self) -> float:
        """Give the client a fresh token, or end an ended session's socket; give the seconds until the next time."""
        alive = Session.objects.filter(pk=self.session.pk, revoked_at=None)
        try:
            session = await database_sync_to_async(alive.first)()
        except DatabaseError as error:
            logger.warning("session %s: no fresh token (%s)", self.session.pk, type(error).__name__)
            return REFRESH_RETRY_S
        if session is None:
            await self._pass(frames.goodbye(models.PARTICIPANT_REMOVED))
            await self.close(frames.NORMAL, "the session has ended")
            return REFRESH_S
        await self._pass(frames.refresh(self._token(session)))
        return _pause_s()

    def _token(self, session: Session) -> str:
        return tickets.refresh(session.pk, session.room_id, session.rights, timezone.now())


def _pause_s() -> float:
    return min(REFRESH_S, settings.REFRESH_TTL_S / 2)
