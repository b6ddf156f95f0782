"""Those who are inside when the policy changes: the worker is told at once what they may still send."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from livekit.protocol import models

from suite.identity.models import Login, User
from tests.live.meeting import enter
from tests.signalling.client import Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import JOINED, FakeWorker
from visio import wire
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role
from visio.signalling import client, rights, sessions
from visio.signalling.models import Session


@sync_to_async
def _change(room: Room, **values: object) -> None:
    room.change(**values)


async def _enter(worker: FakeWorker, token: str) -> Client:
    client = Client(token)
    assert await client.connect() == 101
    await client.joined()
    await worker.next(wire.Connect)
    return client


async def test_a_forbidden_source_is_taken_away(worker: FakeWorker, ticket: Tickets, room: Room, charlie: User) -> None:
    caller = await _enter(worker, ticket(login=await Login.objects.acreate(user=charlie)))
    await _change(room, terms={"screen": "hosts"})
    permit: wire.Permit = await worker.next(wire.Permit)
    assert permit.grant.sources == ("microphone", "camera")
    assert (await Session.objects.aget(pk=permit.session)).rights == permit.grant
    await _change(room, terms={"screen": None})
    assert (await worker.next(wire.Permit)).grant.sources == ()
    await caller.leave()


async def test_a_new_role_counts_at_once(worker: FakeWorker, ticket: Tickets, room: Room, charlie: User) -> None:
    await _change(room, terms={"camera": "hosts"})
    member = await sync_to_async(room.add_member)(charlie)
    caller = await _enter(worker, ticket(login=await Login.objects.acreate(user=charlie)))
    await sync_to_async(Member.change_role)(member, Role.HOST)
    permit: wire.Permit = await worker.next(wire.Permit)
    assert (permit.grant.sources, permit.grant.attributes["role"]) == ((), "host")
    await caller.leave()


def test_the_worker_is_told_after_commit(room: Room, charlie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody waits for the room meanwhile, and nothing is told that was never written."""
    told: list[wire.Permit] = []
    monkeypatch.setattr(client, "order_all_now", lambda _room, orders: told.extend(orders))
    session = enter(room, charlie)
    Session.objects.update(grant={**session.grant, "can_publish_data": False})
    with transaction.atomic():
        assert rights.renew(room) == 1
        assert told == []
    assert [permit.grant for permit in told] == [session.rights]


async def test_a_room_begins_and_ends(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    caller = await _enter(worker, ticket())
    await room.arefresh_from_db()
    assert room.began_at is not None
    await Room.objects.filter(pk=room.pk).aupdate(is_locked=True)
    await caller.leave()
    session = await Session.objects.aget()
    await sync_to_async(sessions.left)(session.pk, session.channel, timezone.now())
    await room.arefresh_from_db()
    assert room.began_at is None
    assert not room.is_locked


async def test_who_is_late_is_not_let_in_by_an_early_ticket(
    worker: FakeWorker, ticket: Tickets, room: Room, charlie: User
) -> None:
    await _change(room, terms={"late_minutes": 5})
    token = ticket(login=await Login.objects.acreate(user=charlie))
    await Room.objects.filter(pk=room.pk).aupdate(began_at=timezone.now() - timedelta(minutes=6))
    assert await Client(token).connect() == 403


async def test_those_who_come_at_once_do_not_overfill_the_room(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    """Each found a place when its ticket was looked at; the last ones hear that the room is full, and are taken out."""
    await _change(room, terms={"people_max": 2})
    worker.answers = False
    tokens = [ticket(f"caller-{number}", login=None, via="command") for number in range(5)]
    callers = [Client(token) for token in tokens]
    for caller in callers:
        assert await caller.connect() == 101
    connects = [await worker.next(wire.Connect) for _ in callers]
    await asyncio.gather(*(worker.say(connect.channel, JOINED) for connect in connects))
    first = [await caller.response() for caller in callers]
    kinds = Counter(message.WhichOneof("message") for message in first)
    assert kinds == {"join": 2, "leave": 3}
    assert {message.leave.reason for message in first if message.HasField("leave")} == {models.JOIN_FAILURE}
    assert await Session.objects.inside().acount() == 2
    assert {(await worker.next(wire.Remove)).reason for _ in range(3)} == {models.JOIN_FAILURE}
    await asyncio.gather(*(caller.leave() for caller in callers))


async def test_a_full_room_says_who_limits_it(worker: FakeWorker, ticket: Tickets, room: Room) -> None:
    with override_settings(ROOM_POLICY='{"people_max": 1}', ROOM_POLICY_CONTACT="help@service.example"):
        caller = await _enter(worker, ticket())
        late = Client(ticket("late", login=None, via="command"))
        assert await late.connect() == 403
        assert "This service asks it. Contact: help@service.example." in late.refusal
        await caller.leave()


async def test_most_people(worker: FakeWorker, ticket: Tickets, room: Room, charlie: User) -> None:
    await _change(room, terms={"people_max": 1})
    caller = await _enter(worker, ticket())
    assert await Client(ticket(login=await Login.objects.acreate(user=charlie))).connect() == 403
    with override_settings(MEDIA_ROOM_PARTICIPANTS=1):
        await _change(room, terms={"people_max": 2})
        assert await Client(ticket(login=await Login.objects.acreate(user=charlie))).connect() == 403
    await caller.leave()
