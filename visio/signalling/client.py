"""Orders to the worker that owns a room, and questions to workers; for async code, and for sync code in `now`."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from livekit.protocol import models

from visio import wire
from visio.signalling import registry
from visio.signalling.errors import UnansweredError

logger = logging.getLogger("visio.signalling")

DUMP_TIMEOUT_S = 2.0
UNSUBSCRIBE_S = 0.01

ANSWER_TIMEOUT_S = 4.0

Order = wire.Remove | wire.CloseRoom | wire.Permit | wire.Chat | wire.Mute


async def order(message: Order) -> bool:
    """Send an order to the owner of its room; say whether there is one."""
    return await order_all(message.room, [message])


async def order_all(room: str, messages: Sequence[Order]) -> bool:
    """Send orders, in their sequence, to the owner of `room`; say whether there is one."""
    async with registry.valkey() as connection:
        worker = await registry.owner(connection, room)
    if worker is None:
        return False
    for message in messages:
        await get_channel_layer().send(wire.worker_channel(settings.REDIS_PREFIX, worker), wire.encode(message))
    return True


async def remove(room: str, session: str, reason: models.DisconnectReason) -> bool:
    """Put the participant of `session` out of `room`."""
    return await order(wire.Remove(room, session, reason))


async def close_room(room: str, reason: models.DisconnectReason) -> bool:
    """End `room` for everybody in it."""
    return await order(wire.CloseRoom(room, reason))


async def permit(room: str, session: str, grant: wire.Grant) -> bool:
    """Replace the rights of the participant of `session`."""
    return await order(wire.Permit(room, session, grant))


async def mute(room: str, session: str, track: str, *, muted: bool) -> bool:
    """Mute or unmute a track of the participant of `session`."""
    return await order(wire.Mute(room, session, track, muted))


async def dump_room(room: str, *, detail: str = "full", participant: str = "") -> dict[str, Any] | None:
    """Give the worker's description of `room`, or nothing when nobody is in it. Raise `TimeoutError` without answer.

    `detail` and `participant` are those of `wire.Dump`; the worker's id is added.
    """
    async with registry.valkey() as connection:
        worker = await registry.owner(connection, room)
    if worker is None:
        return None
    answer = await _ask(worker, room, detail, participant)
    return {**answer, "worker": worker} if answer else None


async def dump_workers(detail: str = "full") -> list[dict[str, Any]]:
    """Give the descriptions of all living workers. Raise `TimeoutError` when one does not answer."""
    async with registry.valkey() as connection:
        await registry.settle(connection)
        living = await registry.workers(connection)
    return await asyncio.gather(*(_ask(worker.id, "", detail) for worker in living))


async def survey() -> list[tuple[wire.Heartbeat, dict[str, Any] | None]]:
    """Give what every living worker says of itself, and who is in its rooms; nothing for those that do not answer."""
    async with registry.valkey() as connection:
        living = await registry.workers(connection)
    answers = await asyncio.gather(*(_ask(beat.id, "", "brief") for beat in living), return_exceptions=True)
    return [(beat, answer if isinstance(answer, dict) else None) for beat, answer in zip(living, answers, strict=True)]


async def ask(room: str, question: wire.Question, timeout_s: float = ANSWER_TIMEOUT_S) -> bytes:
    """Give the answer of the worker that owns `room`, which fills in where it goes.

    Raise `UnansweredError` with its error, or when nobody is in the room or the worker does not answer.
    """
    async with registry.valkey() as connection:
        worker = await registry.owner(connection, room)
    if worker is None:
        raise UnansweredError("not_found", "nobody is in this room")
    return await _answered(worker, question, timeout_s)


async def ask_workers(question: wire.Question) -> list[bytes]:
    """Give the answers of all living workers; one that does not answer in time is left out."""
    async with registry.valkey() as connection:
        living = await registry.workers(connection)
    asked = (_answered(worker.id, question, DUMP_TIMEOUT_S) for worker in living)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return [answer for answer in answers if isinstance(answer, bytes)]


async def _answered(worker: str, question: wire.Question, timeout_s: float) -> bytes:
    try:
        answer = await _exchange(worker, question, timeout_s)
    except TimeoutError as error:
        raise UnansweredError("unavailable", "the media worker does not answer") from error
    if not isinstance(answer, wire.Answer):
        raise UnansweredError("internal", "the media worker answered something else")
    if answer.error:
        raise UnansweredError(answer.error, answer.reason, answer.rpc)
    return answer.body


async def _ask(worker: str, room: str, detail: str, participant: str = "") -> dict[str, Any]:
    report = await _exchange(worker, wire.Dump("", "", room, detail, participant), DUMP_TIMEOUT_S)
    body: dict[str, Any] = json.loads(report.body) or {}
    return body


async def _exchange(worker: str, question: wire.Dump | wire.Question, timeout_s: float) -> wire.Dumped | wire.Answer:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    addressed = replace(question, request=uuid.uuid4().hex, channel=channel)
    try:
        await layer.send(wire.worker_channel(settings.REDIS_PREFIX, worker), wire.encode(addressed))
        async with asyncio.timeout(timeout_s):
            return await _report(layer, channel, addressed.request)
    finally:
        await _forget(layer, channel)


async def _report(layer: Any, channel: str, request: str) -> wire.Dumped | wire.Answer:
    while True:
        report = wire.decode(await layer.receive(channel))
        if isinstance(report, wire.Dumped | wire.Answer) and report.request == request:
            return report


async def _forget(layer: Any, channel: str) -> None:
    """Unsubscribe: the layer does so when a `receive` is cancelled, and only then."""
    with suppress(TimeoutError):
        await asyncio.wait_for(layer.receive(channel), UNSUBSCRIBE_S)


def order_now(message: Order) -> bool:
    """Send an order from sync code; say whether a worker was there for it. A failure is logged.

    What was lost of who is in a room and what they may do, the sweep (tasks.py) says again.
    """
    return order_all_now(message.room, [message])


def order_all_now(room: str, messages: Sequence[Order]) -> bool:
    """Send orders for one room from sync code, as `order_now` sends one."""
    if not messages:
        return False
    try:
        return async_to_sync(order_all)(room, messages)
    except registry.VALKEY_ERRORS as error:
        logger.warning("order %s not sent: Valkey is away (%s)", messages[0].TYPE, type(error).__name__)
        return False
