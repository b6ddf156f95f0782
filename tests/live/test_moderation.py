"""Host controls: what a host says on the companion socket becomes orders to the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from livekit.protocol import models

from suite.identity.models import Login, User
from tests.live.browser import Browser
from tests.live.meeting import enter
from tests.signalling.client import Client
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms import entry, guests, tickets, visits
from visio.rooms.models import Room
from visio.rooms.person import of_login
from visio.rooms.visits import Visit
from visio.signalling import registry, sessions
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


async def test_nobody_there_is_muted(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Who is not there is an error; who is in another room of the meeting is muted there."""
    client, session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("people.mute", source="microphone", identity="nobody", id=1)
    assert (await host.hears("error", to=1))["code"] == "nobody"
    group = await Room.objects.acreate(parent=room, name="Group")
    await Session.objects.filter(pk=session.pk).aupdate(room=group)
    async with registry.valkey() as connection:
        await registry.claim(connection, str(group.pk))
    worker.rooms[0]["name"] = str(group.pk)
    await host.say("people.mute", source="microphone", identity=str(charlie.pk), id=2)
    await host.hears("done", to=2)
    await worker.next(wire.Dump)
    assert (await worker.next(wire.Mute)).room == str(group.pk)
    await host.leave()
    await client.leave()


async def test_who_has_left_is_banned(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Long after they went; and the browser with which they had come."""
    session = await sync_to_async(enter)(room, charlie)
    await Session.objects.filter(pk=session.pk).aupdate(
        left_at=timezone.now() - timedelta(minutes=5), device=guests.identity("dave", room.pk)
    )
    host, as_guest = Browser(room, alice), Browser(room)
    await host.arrive()
    await host.say("people.ban", identity=str(charlie.pk), lasting=False, id=1)
    await host.hears("done", to=1)
    await as_guest.open()
    await as_guest.say("hello", version=1)
    assert await as_guest.closed() == 4403
    await host.say("people.ban", identity="nobody", id=2)
    assert (await host.hears("error", to=2))["code"] == "nobody"
    await host.leave()
    await as_guest.leave()


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


async def test_one_person_is_muted_and_stays_so(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """The worker gets rights without the source, also when the person comes back; and with it when a host allows it."""
    client, session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("people.allow", identity=str(charlie.pk), source="microphone", allowed=False, id=1)
    await host.hears("done", to=1)
    assert (await worker.next(wire.Permit)).grant.sources == ("camera", "screen_share", "screen_share_audio")
    told = await host.hears("people.denied", people=[{"identity": str(charlie.pk), "sources": ["microphone"]}])
    assert told
    assert "microphone" not in (await sync_to_async(_new_ticket)(session)).sources
    await host.say("people.allow", identity=str(charlie.pk), source="microphone", allowed=True, id=2)
    await host.hears("done", to=2)
    assert (await worker.next(wire.Permit)).grant.sources == ()
    await host.say("people.allow", identity=str(charlie.pk), source="microphone", allowed=True, id=3)
    assert (await host.hears("error", to=3))["code"] == "nobody"
    await host.leave()
    await client.leave()


def _new_ticket(session: Session) -> wire.Grant:
    """Give the rights with which the person of a session would come in anew."""
    assert session.login
    visit = visits.of(session.room, session.identity, "")
    person = entry.decided(of_login(session.login, session.room), visit)
    return entry.permitted(entry.user_grant(session.login, person), session.room.facts, person)


async def test_nothing_is_forbidden_to_a_host_alone(worker: FakeWorker, room: Room, alice: User) -> None:
    client, _session = await _inside(worker, room, alice)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("people.allow", identity=str(alice.pk), source="camera", allowed=False, id=1)
    assert "another role" in (await host.hears("error", to=1))["message"]
    await host.leave()
    await client.leave()


async def test_who_was_put_out_waits_to_be_let_in(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """A member, and in a public room, with the same account or none: a host decides; the next meeting knows nothing."""
    await sync_to_async(room.change)(access_level="public")
    client, session = await _inside(worker, room, charlie)
    device = guests.identity("dave", room.pk)
    await Session.objects.filter(pk=session.pk).aupdate(device=device)
    host, again, as_guest = Browser(room, alice), Browser(room, charlie), Browser(room, who="dave")
    await host.arrive()
    await host.say("people.remove", identity=str(charlie.pk), id=1)
    await host.hears("done", to=1)
    for browser in (again, as_guest):
        welcome = await browser.arrive("Dave")
        assert (welcome["inside"], "put out" in welcome["reason"]) == (False, True)
    await host.say("lobby.admit", identity=str(charlie.pk), id=2)
    await again.hears("lobby.admitted")
    await again.leave()
    assert (await again.arrive())["inside"] is True
    assert (await Visit.objects.aget(identity=device)).state == "waiting", "the browser alone was not let in"
    for browser in (host, again, as_guest):
        await browser.leave()
    await client.leave()


async def test_what_was_decided_for_a_meeting_ends_with_it(layer: None, room: Room, alice: User, charlie: User) -> None:
    await sync_to_async(Visit.put_out)(room, str(charlie.pk), [], "Charlie", alice)
    await sync_to_async(Visit.ask)(room, str(charlie.pk), charlie, "Charlie", {})
    await sync_to_async(Visit.deny)(room, str(charlie.pk), [], "Charlie", "camera")
    await Visit.objects.aupdate(state="waiting")
    await Room.objects.filter(pk=room.pk).aupdate(began_at=timezone.now())
    await sync_to_async(sessions.end_meetings)(Room.objects.all())
    visit = await Visit.objects.aget()
    assert (visit.is_put_out, visit.denied) == (False, [])
