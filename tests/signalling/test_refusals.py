"""Handshakes that are refused: each with the status that says why."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta

import pytest
from django.utils import timezone
from livekit.protocol import rtc

from suite.identity.models import Login, User
from tests.signalling.client import Client, wrapped
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio.rooms import tickets
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.signalling import joining
from visio.signalling.models import Session
from visio.wire import Grant


async def test_no_ticket(worker: FakeWorker, room: Room) -> None:
    assert await Client("").connect() == 401


async def test_a_foreign_ticket(worker: FakeWorker, ticket: Tickets) -> None:
    head, _, signature = ticket().rpartition(".")
    assert await Client(f"{head}.{signature[::-1]}").connect() == 401


async def test_an_expired_ticket(worker: FakeWorker, ticket: Tickets) -> None:
    assert await Client(ticket(at=timezone.now() - timedelta(minutes=5))).connect() == 401


async def test_a_ticket_that_is_in_use(worker: FakeWorker, ticket: Tickets) -> None:
    token = ticket()
    first = Client(token)
    await first.connect()
    await first.joined()
    assert await Client(token).connect() == 401
    await first.leave()


async def test_a_ticket_that_was_used(worker: FakeWorker, ticket: Tickets) -> None:
    token = ticket()
    client = Client(token)
    await client.connect()
    await client.joined()
    await client.leave()
    assert await Client(token, single=True).connect() == 401


async def test_a_room_that_is_no_more(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    token = ticket()
    await room.adelete()
    client = Client(token)
    assert await client.connect() == 404
    assert "requested room does not exist" in client.refusal


async def test_a_right_that_was_lost(worker: FakeWorker, ticket: Tickets, charlie: User, room: Room) -> None:
    login = await Login.objects.acreate(user=charlie)
    token = ticket(login=login)
    await Room.objects.filter(pk=room.pk).aupdate(access_level=AccessLevel.RESTRICTED)
    assert await Client(token).connect() == 403
    assert not await Session.objects.aexists()


async def test_a_guest_of_a_room_that_closed_to_guests(worker: FakeWorker, ticket: Tickets) -> None:
    assert await Client(ticket(login=None)).connect() == 403


async def test_an_operators_ticket_needs_no_right(worker: FakeWorker, ticket: Tickets) -> None:
    client = Client(ticket("probe", login=None, via="command"))
    assert await client.connect() == 101
    await client.leave()


async def test_a_login_that_ended(worker: FakeWorker, ticket: Tickets, login: Login) -> None:
    token = ticket()
    await Login.objects.filter(pk=login.pk).aupdate(ended_at=timezone.now())
    assert await Client(token).connect() == 401


@pytest.mark.parametrize(
    "join_request",
    [
        "",
        "!",
        "====",
        "a",
        "AAAA",
        base64.urlsafe_b64encode(b"\xff" * 40).decode(),
        base64.urlsafe_b64encode(
            rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=b"no gzip").SerializeToString()
        ).decode(),
    ],
)
async def test_a_join_request_that_cannot_be_read(worker: FakeWorker, ticket: Tickets, join_request: str) -> None:
    token = ticket()
    assert await Client(token, single=True, join_request=join_request).connect() == 400


async def test_a_gzip_bomb(worker: FakeWorker, ticket: Tickets) -> None:
    bomb = gzip.compress(bytes(8 * joining.JOIN_MAX_BYTES))
    packed = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=bomb).SerializeToString()
    parameter = base64.urlsafe_b64encode(packed).decode()
    assert await Client(ticket(), single=True, join_request=parameter).connect() == 413


async def test_numbers_that_are_none(worker: FakeWorker, ticket: Tickets) -> None:
    assert await Client(ticket(), protocol="many").connect() == 400


async def test_a_client_that_is_too_old(worker: FakeWorker, ticket: Tickets) -> None:
    old = rtc.JoinRequest()
    old.client_info.protocol = 11
    assert await Client(ticket(), single=True, join_request=wrapped(old)).connect() == 400


async def test_no_worker(layer: None, ticket: Tickets) -> None:
    token = ticket()
    assert await Client(token).connect() == 503
    async with FakeWorker():
        client = Client(token)
        assert await client.connect() == 101
        await client.leave()


async def test_a_refresh_token_for_nothing(worker: FakeWorker, room: Room) -> None:
    session = Session().pk
    token = tickets.refresh(session, room.pk, Grant("somebody"), timezone.now())
    assert await Client(token).connect() == 401


async def test_an_unknown_address(layer: None) -> None:
    client = Client("")
    client.socket.scope["path"] = "/elsewhere"
    assert await client.connect() == 404
