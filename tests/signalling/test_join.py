"""Joining: from the ticket to the first frames."""

from __future__ import annotations

import pytest
from livekit.protocol import rtc

from tests.signalling.client import Client, wrapped
from tests.signalling.conftest import Tickets
from tests.signalling.worker import JOINED, FakeWorker
from visio import wire
from visio.rooms.models import Room
from visio.signalling.models import Session


@pytest.mark.parametrize("single", [False, True])
async def test_it_works(worker: FakeWorker, ticket: Tickets, room: Room, *, single: bool) -> None:
    client = Client(ticket(), single=single)
    assert await client.connect() == 101
    order: wire.Connect = await worker.next(wire.Connect)
    assert (await client.response()).join.participant.sid == "PA_test"
    assert (await client.response()).refresh_token
    assert order.room == str(room.pk)
    assert order.single is single
    await client.leave()


async def test_the_token_to_come_back_with_is_there_before_anything_can_break(
    worker: FakeWorker, ticket: Tickets
) -> None:
    """Nothing that the worker says comes between the answer and the token: a lost socket must find its way back."""
    worker.answers = False
    client = Client(ticket())
    await client.connect()
    order: wire.Connect = await worker.next(wire.Connect)
    await worker.say(order.channel, JOINED, *[rtc.SignalResponse(pong=number) for number in range(3)])
    said = [(await client.response()).WhichOneof("message") for _ in range(5)]
    assert said == ["join", "refresh_token", "pong", "pong", "pong"]
    await client.leave()


async def test_a_bearer_token_is_taken(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket(), header=True)
    assert await client.connect() == 101
    await client.leave()


async def test_the_first_clients_with_one_connection_are_told_by_their_request(
    worker: FakeWorker, ticket: Tickets, room: Room
) -> None:
    join = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
    client = Client(ticket(), join_request=wrapped(join))
    assert await client.connect() == 101
    order: wire.Connect = await worker.next(wire.Connect)
    assert order.single
    await client.leave()


async def test_the_join_request_reaches_the_worker(worker: FakeWorker, ticket: Tickets) -> None:
    join = rtc.JoinRequest(publisher_offer=rtc.SessionDescription(type="offer", sdp="v=0", id=1))
    client = Client(ticket(), single=True, join_request=wrapped(join))
    assert await client.connect() == 101
    order: wire.Connect = await worker.next(wire.Connect)
    assert rtc.JoinRequest.FromString(order.join) == join
    await client.leave()


async def test_the_session_is_written(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    client = Client(ticket())
    await client.connect()
    await client.joined()
    session = await Session.objects.inside().aget(room=room)
    assert session.channel == (await worker.next(wire.Connect)).channel
    await client.leave()


async def test_frames_pass_both_ways_in_order(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket())
    await client.connect()
    await client.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    for number in (1, 2):
        await client.say(rtc.SignalRequest(ping=number))
        signal: wire.Signal = await worker.next(wire.Signal)
        assert signal.sequence == number
        assert rtc.SignalRequest.FromString(signal.frame).ping == number
        await worker.say(order.channel, rtc.SignalResponse(pong=number))
        assert (await client.response()).pong == number
    await client.leave()


async def test_a_goodbye_is_no_disconnect(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket())
    await client.connect()
    await client.joined()
    await client.say(rtc.SignalRequest(leave=rtc.LeaveRequest()))
    await client.leave()
    await worker.next(wire.Connect)
    await worker.next(wire.Signal)
    assert worker.orders.empty()


async def test_a_broken_socket_is_a_disconnect(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket())
    await client.connect()
    await client.joined()
    await client.say(rtc.SignalRequest(ping=1))
    await client.leave(1006)
    order: wire.Connect = await worker.next(wire.Connect)
    await worker.next(wire.Signal)
    assert await worker.next(wire.Disconnect) == wire.Disconnect(order.session, order.channel)


async def test_who_comes_to_a_draining_worker_is_sent_on(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    worker.turns_away = True
    client = Client(ticket())
    assert await client.connect() == 101
    worker.draining = True
    await worker.beat()
    async with FakeWorker("heir") as heir:
        first: wire.Connect = await worker.next(wire.Connect)
        assert await heir.next(wire.Connect) == first
        await client.joined()
        await client.say(rtc.SignalRequest(ping=1))
        assert (await heir.next(wire.Signal)).sequence == 1
        await client.leave()
