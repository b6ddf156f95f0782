"""Orders on their way to a worker: patient while it is deaf, and not talkative."""

from __future__ import annotations

import logging

import pytest
from channels.layers import get_channel_layer

from tests.media_live.people import until
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.signalling.outbox import Outbox
from visio.signalling.publisher import Publisher


async def test_a_deaf_worker_is_told_of_once(
    layer: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "visio.signalling")
    tries: list[int] = []
    send = Publisher.send

    async def counted(publisher: Publisher, channel: str, message: bytes) -> int:
        tries.append(await send(publisher, channel, message))
        return tries[-1]

    monkeypatch.setattr(Publisher, "send", counted)
    worker = FakeWorker("late")
    outbox = Outbox(get_channel_layer(), worker.channel)
    outbox.put(wire.Disconnect("session", "channel"))
    await until(lambda: len(tries) > 2, "three tries")
    async with worker:
        assert (await worker.next(wire.Disconnect)).session == "session"
        await outbox.close()
    told = [record.getMessage().rpartition(": ")[2] for record in caplog.records if record.name == "visio.signalling"]
    assert told == ["nobody listens", "they arrive again"]


async def test_sockets_share_a_publisher_until_the_last_one_ends(layer: None) -> None:
    first, second = Publisher.borrow(), Publisher.borrow()
    assert first is second
    await first.give_back()
    assert Publisher.borrow() is first
    await first.give_back()
    await second.give_back()
    third = Publisher.borrow()
    assert third is not first
    await third.give_back()
