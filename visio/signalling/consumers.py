"""The gate at `/rtc` and `/rtc/v1`: lets a good ticket in and finds its worker; `conversation` does the rest."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from django.conf import settings
from django.utils import timezone

from visio import wire
from visio.signalling import frames, metrics, registry, sessions
from visio.signalling.admission import OURS, Entry, examine, guarded
from visio.signalling.conversation import Conversation
from visio.signalling.denial import Send, deny
from visio.signalling.errors import RefusedError, unavailable
from visio.signalling.models import Session
from visio.signalling.outbox import Outbox
from visio.signalling.watch import watch

logger = logging.getLogger("visio.signalling")

Message = dict[str, Any]


class SignalConsumer(AsyncConsumer):
    """One socket of one participant; `single` tells the path, `/rtc/v1` with one peer connection."""

    entry: Entry
    worker = ""
    conversation: Conversation | None = None
    close_code = frames.ABNORMAL

    def __init__(self, *, single: bool = False) -> None:
        self.single = single

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        """Live the socket's life; until it is accepted every error becomes an HTTP status."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            peer, _ = scope.get("client") or ("", 0)
            self.entry = await examine(scope["query_string"], headers, peer, single=self.single)
            await super().__call__(scope, receive, send)
        except RefusedError as refusal:
            await _refuse(send, refusal)
        except OURS:
            logger.exception("socket failed")
            await self._fail(send)
        finally:
            await self._end()

    async def dispatch(self, message: Message) -> None:
        """Give a message to its handler; unlike Channels', without a visit to the database's thread each time."""
        await self.HANDLERS[message["type"]](self, message)

    async def connect(self, _message: Message) -> None:
        """Use the ticket, choose the worker, accept. Raise `RefusedError` when that fails."""
        ticket = self.entry.ticket
        async with guarded():
            async with registry.valkey() as connection:
                self.worker = await registry.claim(connection, str(ticket.room_id))
            connect = database_sync_to_async(sessions.connect)
            session = await connect(ticket, self.channel_name, timezone.now())
        await self.send({"type": "websocket.accept"})
        metrics.JOINS.inc()
        metrics.SOCKETS.inc()
        logger.info("session %s: socket open, worker %s", session.pk, self.worker)
        self.conversation = Conversation(self, self._outbox(session), session, first=ticket.session is None)
        watch.add(self.worker, self.conversation)

    async def receive(self, message: Message) -> None:
        """Take a frame of the client."""
        if self.conversation:
            await self.conversation.hear(message["text"] if message.get("text") is not None else message["bytes"])

    async def disconnected(self, message: Message) -> None:
        """Note how the socket ended, and stop."""
        self.close_code = message["code"]
        raise StopConsumer

    async def report(self, message: Message) -> None:
        """Take a report of the worker."""
        report = wire.decode(message)
        if self.conversation and isinstance(report, wire.Frames):
            await self.conversation.pass_frames(report)
        elif self.conversation and isinstance(report, wire.Close):
            await self.conversation.close(report.code, report.reason)
        elif self.conversation and isinstance(report, wire.Elsewhere):
            await self._go_elsewhere(self.conversation)

    HANDLERS: ClassVar[dict[str, Callable[[SignalConsumer, Message], Awaitable[None]]]] = {
        "websocket.connect": connect,
        "websocket.receive": receive,
        "websocket.disconnect": disconnected,
        wire.Frames.TYPE: report,
        wire.Close.TYPE: report,
        wire.Elsewhere.TYPE: report,
    }

    async def _go_elsewhere(self, conversation: Conversation) -> None:
        """Ask another worker: the first one drains, and this client came when it had begun to."""
        watch.discard(self.worker, conversation)
        async with registry.valkey() as connection:
            await registry.disclaim(connection, str(conversation.session.room_id), self.worker)
            self.worker = await registry.claim(connection, str(conversation.session.room_id))
        logger.info("session %s: sent on to worker %s", conversation.session.pk, self.worker)
        await conversation.change(self._outbox(conversation.session))
        watch.add(self.worker, conversation)

    def _outbox(self, session: Session) -> Outbox:
        """Open the way to the worker, with the order to let the participant in."""
        outbox = Outbox(self.channel_layer, wire.worker_channel(settings.REDIS_PREFIX, self.worker))
        outbox.put(self._order(session))
        return outbox

    def _order(self, session: Session) -> wire.Connect:
        return wire.Connect(
            session=str(session.pk),
            channel=self.channel_name,
            room=str(session.room_id),
            room_name=session.room.name,
            grant=session.rights,
            single=self.entry.single,
            join=self.entry.join.SerializeToString(),
            about=session.about,
        )

    async def _fail(self, send: Send) -> None:
        """End the socket because a part of ours is away."""
        if self.conversation:
            await self.conversation.close(frames.TRY_AGAIN, "a part of the service is away")
        else:
            await _refuse(send, unavailable())

    async def _end(self) -> None:
        if self.conversation:
            metrics.SOCKETS.dec()
            watch.discard(self.worker, self.conversation)
            await self.conversation.end(self.close_code)


async def _refuse(send: Send, refusal: RefusedError) -> None:
    metrics.REFUSALS.labels(refusal.code).inc()
    logger.info("join refused: %s %s", refusal.status.value, refusal.code)
    await deny(send, refusal.status, refusal.message)
