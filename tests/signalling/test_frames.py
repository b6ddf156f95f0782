"""Frames after the join: kinds, limits, lost and repeated messages, ends."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.conf import settings
from livekit.protocol import rtc

from tests.signalling.client import Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.signalling import conversation
from visio.signalling.models import Session

PING = rtc.SignalRequest(ping=1)


async def _joined(worker: FakeWorker, token: str) -> tuple[Client, str]:
    client = Client(token)
    assert await client.connect() == 101
    await client.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    return client, order.channel


async def test_text_is_answered_with_text(worker: FakeWorker, ticket: Tickets) -> None:
    client, channel = await _joined(worker, ticket())
    await client.send(json.dumps({"pingReq": {"timestamp": "7"}}))
    signal: wire.Signal = await worker.next(wire.Signal)
    assert rtc.SignalRequest.FromString(signal.frame).ping_req.timestamp == 7
    await worker.say(channel, rtc.SignalResponse(pong=8))
    assert json.loads((await client.output())["text"]) == {"pong": "8"}
    await client.say(PING)
    await worker.next(wire.Signal)
    await worker.say(channel, rtc.SignalResponse(pong=9))
    assert (await client.response()).pong == 9
    await client.leave()


async def test_an_unknown_message_is_left_out(worker: FakeWorker, ticket: Tickets) -> None:
    client, _ = await _joined(worker, ticket())
    await client.send(b"\xfa\x3e\x01x")  # field 1007, which no version of the protocol has
    await client.send('{"somethingNew": {}}')
    await client.say(PING)
    assert (await worker.next(wire.Signal)).sequence == 1
    await client.leave()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\xff" * 64, 1007),
        ("{", 1007),
        ("[" * 20_000, 1007),
        ('{"ping": "many"}', 1007),
        (bytes(wire.FRAME_MAX_BYTES + 1), 1009),
        ("x" * (wire.FRAME_MAX_BYTES + 1), 1009),
    ],
    ids=["garbage", "half a text", "deep text", "wrong type", "large", "large text"],
)
async def test_a_bad_frame_closes_the_socket(
    worker: FakeWorker, ticket: Tickets, frame: bytes | str, code: int
) -> None:
    client, channel = await _joined(worker, ticket())
    await client.send(frame)
    assert await client.closed() == code
    assert (await worker.next(wire.Disconnect)).channel == channel


async def test_a_flood_closes_the_socket(worker: FakeWorker, ticket: Tickets) -> None:
    client, _ = await _joined(worker, ticket())
    for _ in range(2 * conversation.BURST_S * settings.SIGNAL_MESSAGES_PER_S):
        await client.say(PING)
    assert await client.closed() == 1008


async def test_a_flood_of_large_frames_closes_the_socket(worker: FakeWorker, ticket: Tickets) -> None:
    client, _ = await _joined(worker, ticket())
    large = rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(metadata="x" * 1024 * 1024))
    for _ in range(conversation.BYTES_BURST // large.ByteSize()):
        await client.say(large)
        await worker.next(wire.Signal)
    for _ in range(3):
        await client.say(large)
    assert await client.closed() == 1008


async def test_a_lost_report_closes_the_socket(worker: FakeWorker, ticket: Tickets) -> None:
    client, channel = await _joined(worker, ticket())
    await worker.say(channel, rtc.SignalResponse(pong=1), skip=1)
    assert await client.closed() == 4001
    assert (await worker.next(wire.Disconnect)).channel == channel


async def test_a_repeated_report_is_passed_once(worker: FakeWorker, ticket: Tickets) -> None:
    client, channel = await _joined(worker, ticket())
    report = wire.Frames(channel, 2, (rtc.SignalResponse(pong=1).SerializeToString(),))
    await worker.send(channel, report)
    await worker.send(channel, report)
    await worker.send(channel, wire.Frames(channel, 3, (rtc.SignalResponse(pong=2).SerializeToString(),)))
    assert [(await client.response()).pong for _ in range(2)] == [1, 2]
    await client.leave()


async def test_the_worker_closes(worker: FakeWorker, ticket: Tickets) -> None:
    client, channel = await _joined(worker, ticket())
    await worker.say(channel, rtc.SignalResponse(leave=rtc.LeaveRequest()))
    await worker.send(channel, wire.Close(channel, 1000, "bye"))
    assert (await client.response()).WhichOneof("message") == "leave"
    assert await client.closed() == 1000


async def test_a_dead_worker_sends_its_clients_elsewhere(worker: FakeWorker, ticket: Tickets) -> None:
    client, _ = await _joined(worker, ticket())
    await worker.die()
    leave = (await client.response()).leave
    assert leave.action == rtc.LeaveRequest.RECONNECT
    assert await client.closed() == 1012


async def test_the_room_goes_to_another_worker(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket())
    await client.connect()
    fresh = await client.joined()
    await worker.die()
    await client.closed()
    async with FakeWorker("second") as second:
        again = Client(fresh)
        assert await again.connect() == 101
        await again.joined()
        await second.next(wire.Connect)
        await again.leave()


async def test_nothing_is_left_behind(worker: FakeWorker, ticket: Tickets) -> None:
    await _come_and_go(worker, ticket())
    before = asyncio.all_tasks()
    for _ in range(10):
        await _come_and_go(worker, ticket())
    async with asyncio.timeout(5):
        while asyncio.all_tasks() - before:  # noqa: ASYNC110  (a task tells nobody that it is done)
            await asyncio.sleep(0.02)
    assert await Session.objects.acount() == 11


async def _come_and_go(worker: FakeWorker, token: str) -> None:
    client, _ = await _joined(worker, token)
    await client.say(rtc.SignalRequest(leave=rtc.LeaveRequest()))
    await client.leave()
    await worker.next(wire.Signal)
