"""Attendance over the companion socket, written from the sessions of the media side."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import Login, User
from tests.live.browser import Browser
from tests.signalling.client import Client
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.attendance.models import Participation
from visio.rooms import entry, tickets
from visio.rooms.models import Room
from visio.rooms.person import of_login
from visio.signalling import tasks
from visio.signalling.models import Session


async def enter(worker: FakeWorker, room: Room, user: User) -> tuple[Client, wire.Connect]:
    """Bring somebody in, as the page's ticket does."""
    login = await Login.objects.acreate(user=user)
    person = await sync_to_async(of_login)(login, room)
    grant = entry.user_grant(login, person)
    client = Client(tickets.issue(room.pk, grant, login=login.pk, via=tickets.Via.PAGE, now=timezone.now()))
    assert await client.connect() == 101
    await client.joined()
    return client, await worker.next(wire.Connect)


async def test_it_works(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Hosts see who comes, speaks and goes; others only that it is kept."""
    await sync_to_async(room.add_member)(charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    assert (await member.hears("attendance.kept"))["days"] == 365
    client, order = await enter(worker, room, charlie)
    person = (await host.hears("attendance.person"))["person"]
    assert (person["name"], person["how"], person["organization"]) == (str(charlie), "member", "Town hall")
    assert person["identity"] == order.grant.identity
    assert person["to"] is None
    again = Browser(room, alice)
    await again.arrive()
    assert [one["id"] for one in (await again.hears("attendance.people"))["people"]] == [person["id"]]
    await sync_to_async(tasks.spoke)({order.session: 4000})
    assert (await host.hears("attendance.person"))["person"]["spoken_ms"] == 4000
    await sync_to_async(tasks.participant_left)(order.session, order.channel, 1, 500)
    while (gone := (await host.hears("attendance.person"))["person"])["to"] is None:
        pass
    assert gone["spoken_ms"] == 4500
    await member.hears_none("attendance.person")
    for each in (client, host, member, again):
        await each.leave()


async def test_a_dead_worker_leaves_no_stay_open(worker: FakeWorker, room: Room, alice: User) -> None:
    client, order = await enter(worker, room, alice)
    stays = Participation.objects.filter(session=order.session, ended_at=None)
    assert await stays.acount() == 1
    await Session.objects.filter(pk=order.session).aupdate(connected_at=timezone.now() - tasks.UNSEEN_MAX * 2)
    worker.rooms = []
    await sync_to_async(tasks.sweep)()
    assert await stays.acount() == 0
    await client.leave()
