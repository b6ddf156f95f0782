"""Full rooms and floods at the gate: refused before or at the socket, in words for the person."""

from __future__ import annotations

import pytest
from django.test import AsyncClient
from django.utils import timezone
from livekit.protocol import models, rtc
from pytest_django import Settings

from tests.signalling.client import DUAL, Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms import tickets
from visio.rooms.models import Room
from visio.signalling.models import Session

FRENCH = (
    "Ce salon est complet. Veuillez réessayer quand une personne sera partie. Ce service l\u2019exige. "
    "Les administrateurs de ce service peuvent le changer."
)


@pytest.fixture(autouse=True)
def _one_place(settings: Settings) -> None:
    settings.MEDIA_ROOM_PARTICIPANTS = 1


def _ticket(room: Room, identity: str, **rights: bool) -> str:
    grant = wire.Grant(identity, **rights)  # type: ignore[arg-type]
    return tickets.issue(room.pk, grant, login=None, via=tickets.Via.COMMAND, now=timezone.now())


async def _inside(token: str) -> Client:
    client = Client(token)
    assert await client.connect() == 101
    await client.joined()
    return client


async def test_a_full_room_is_refused(worker: FakeWorker, room: Room) -> None:
    first = await _inside(_ticket(room, "alice"))
    second = Client(_ticket(room, "bob"))
    assert await second.connect() == 403
    assert "full" in second.refusal
    await first.leave()


async def test_the_person_reads_why_in_their_language(worker: FakeWorker, room: Room) -> None:
    first = await _inside(_ticket(room, "alice"))
    parameters = {**DUAL, "access_token": _ticket(room, "bob")}
    answer = await AsyncClient().get("/rtc/validate", parameters, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.content.decode()) == (403, FRENCH)
    await first.leave()


async def test_there_is_a_place_when_somebody_left(worker: FakeWorker, room: Room) -> None:
    first = await _inside(_ticket(room, "alice"))
    token = _ticket(room, "bob")
    assert await Client(token).connect() == 403
    await Session.objects.aupdate(left_at="2026-01-01T00:00:00Z")
    second = await _inside(token)
    await first.leave()
    await second.leave()


async def test_the_same_person_may_come_again(worker: FakeWorker, room: Room) -> None:
    first = await _inside(_ticket(room, "alice"))
    second = await _inside(_ticket(room, "alice"))
    await first.leave()
    await second.leave()


async def test_who_is_inside_may_resume(worker: FakeWorker, room: Room) -> None:
    first = Client(_ticket(room, "alice"))
    await first.connect()
    token = await first.joined()
    await first.leave(1006)
    again = Client(token, reconnect="1", sid="PA_test")
    assert await again.connect() == 101
    await again.leave()


async def test_hidden_participants_take_no_place(worker: FakeWorker, room: Room) -> None:
    ghost = await _inside(_ticket(room, "ghost", hidden=True))
    first = await _inside(_ticket(room, "alice"))
    another = await _inside(_ticket(room, "another-ghost", hidden=True))
    for client in (ghost, first, another):
        await client.leave()


async def test_what_the_worker_refuses_may_be_tried_again_with_the_same_ticket(worker: FakeWorker, room: Room) -> None:
    """The worker's word counts: it says that the room is full, and the ticket is not used up."""
    worker.answers = False
    token = _ticket(room, "bob")
    client = Client(token)
    await client.connect()
    order: wire.Connect = await worker.next(wire.Connect)
    leave = rtc.LeaveRequest(reason=models.JOIN_FAILURE, action=rtc.LeaveRequest.DISCONNECT)
    await worker.say(order.channel, rtc.SignalResponse(leave=leave))
    await worker.send(order.channel, wire.Close(order.channel, 1000, "the room is full"))
    assert (await client.response()).leave.reason == models.JOIN_FAILURE
    assert await client.closed() == 1000
    worker.answers = True
    again = await _inside(token)
    await again.leave()


async def test_a_flood_is_told_to_go_for_good(worker: FakeWorker, room: Room, settings: Settings) -> None:
    settings.SIGNAL_MESSAGES_PER_S = 10
    client = await _inside(_ticket(room, "alice"))
    for _ in range(60):
        await client.say(rtc.SignalRequest(ping=1))
    leave = (await client.response()).leave
    assert (leave.reason, leave.action) == (models.STATE_MISMATCH, rtc.LeaveRequest.DISCONNECT)
    assert await client.closed() == 1008


async def test_the_signed_in_are_counted_too(worker: FakeWorker, room: Room, ticket: Tickets) -> None:
    first = await _inside(ticket())
    assert await Client(_ticket(room, "bob")).connect() == 403
    await first.leave()
