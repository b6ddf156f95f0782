"""Host controls: what a host says on the companion socket becomes orders to the worker."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from livekit.protocol import models

from suite.identity.models import Login, User
from tests.live.browser import Browser
from tests.signalling.client import Client
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms import entry, tickets
from visio.rooms.models import Room
from visio.rooms.person import of_login
from visio.signalling.models import Session


@pytest.fixture
def room(room: Room, charlie: User) -> Room:
    """Alice's room with charlie as a member."""
    room.add_member(charlie)
    return room


async def _inside(worker: FakeWorker, room: Room, user: User) -> tuple[Client, Session]:
    """Bring somebody in, as the worker describes them."""
    login = await Login.objects.acreate(user=user)
    person = await sync_to_async(of_login)(login, room)
    grant = entry.user_grant(login, person)
    client = Client(tickets.issue(room.pk, grant, login=login.pk, via=tickets.Via.PAGE, now=timezone.now()))
    assert await client.connect() == 101
    await client.joined()
    order: wire.Connect = await worker.next(wire.Connect)
    track = {"sid": "TR_mic", "source": models.TrackSource.MICROPHONE, "muted": False}
    described = {"session": order.session, "identity": str(user.pk), "tracks": [track]}
    worker.rooms = [{"name": str(room.pk), "participants": [described]}]
    return client, await Session.objects.aget(pk=order.session)


async def test_mute(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    client, session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    for fields in ({"identity": str(charlie.pk)}, {}):
        await host.say("people.mute", source="microphone", id=1, **fields)
        await worker.next(wire.Dump)
        mute: wire.Mute = await worker.next(wire.Mute)
        assert (mute.session, mute.track, mute.muted) == (str(session.pk), "TR_mic", True)
    await host.leave()
    await client.leave()


async def test_remove_and_ban(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    client, session = await _inside(worker, room, charlie)
    host, banned = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await host.say("people.ban", identity=str(charlie.pk), id=1)
    await host.hears("done", to=1)
    assert (await worker.next(wire.Remove)).session == str(session.pk)
    assert await banned.open() == 101
    await banned.say("hello", version=1)
    assert "may not come back" in (await banned.hears("error"))["message"]
    await client.leave()
    await host.leave()


async def test_hosts_are_not_put_out_by_hosts(worker: FakeWorker, room: Room, alice: User) -> None:
    client, session = await _inside(worker, room, alice)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("people.remove", identity=str(alice.pk), id=1)
    assert (await host.hears("error", to=1))["code"] == "not_allowed"
    await session.arefresh_from_db()
    assert session.revoked_at is None
    await client.leave()
    await host.leave()


async def test_a_source_is_forbidden_for_everybody(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    client, _session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("sources.allow", source="microphone", audience="hosts")
    assert (await worker.next(wire.Permit)).grant.sources == ("camera", "screen_share", "screen_share_audio")
    await host.leave()
    await client.leave()


async def test_end_for_everybody(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    client, session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("room.close")
    assert (await worker.next(wire.CloseRoom)).room == str(room.pk)
    await session.arefresh_from_db()
    assert session.revoked_for == "room_closed"
    await host.leave()
    await client.leave()
