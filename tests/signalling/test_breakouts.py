"""Groups of a meeting at the media's door: a ticket to one is worth nothing elsewhere, nor when they are closed."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import Login, User
from tests.signalling.client import Client
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.attendance.models import Gathering, Participation
from visio.rooms import breakouts, entry, tickets
from visio.rooms.models import Breakouts, Room
from visio.rooms.person import of_login
from visio.rooms.signals import access_changed
from visio.signalling.models import Ended, Session
from visio.signalling.removal import bring_back, close_for_everybody

MIGRATION = 8


class Groups:
    """Two open groups of alice's room; charlie belongs to the first."""

    def __init__(self, main: Room, charlie: User) -> None:
        self.main, self.charlie = main, charlie
        self.login = Login.objects.create(user=charlie)
        self.grant = entry.user_grant(self.login, of_login(self.login, main))
        Room.objects.filter(pk=main.pk).update(began_at=timezone.now())
        Gathering.begin(main.pk, timezone.now())
        made = breakouts.make(main, 2, 0, may_choose=False)
        self.first, self.second = breakouts.groups_of(main)
        breakouts.put(made, str(charlie.pk), "Charlie", self.first)
        breakouts.open_up(made, timezone.now())

    def ticket(self, room: Room) -> str:
        """Give a ticket as it was made when charlie might still enter."""
        return tickets.issue(room.pk, self.grant, login=self.login.pk, via=tickets.Via.PAGE, now=timezone.now())


@pytest.fixture
def groups(room: Room, charlie: User) -> Groups:
    """Give the groups."""
    return Groups(room, charlie)


async def test_it_works(worker: FakeWorker, groups: Groups) -> None:
    """Charlie enters the first group; for the report they take part in the meeting."""
    client = Client(groups.ticket(groups.first))
    assert await client.connect() == 101
    await client.joined()
    assert (await worker.next(wire.Connect)).room == str(groups.first.pk)
    assert await Participation.objects.filter(gathering__room=groups.main).acount() == 1
    assert await Participation.objects.acount() == 1
    await client.leave()


async def test_a_ticket_to_another_group(worker: FakeWorker, groups: Groups) -> None:
    assert await Client(groups.ticket(groups.second)).connect() == 403


async def test_a_ticket_from_before_another_place(worker: FakeWorker, groups: Groups) -> None:
    token = groups.ticket(groups.first)
    put = sync_to_async(breakouts.put)
    await put(await Breakouts.objects.aget(), str(groups.charlie.pk), "Charlie", groups.second)
    assert await Client(token).connect() == 403


async def test_a_ticket_from_before_the_groups_closed(worker: FakeWorker, groups: Groups) -> None:
    """Nor when they are open again: it is refused as that of a room that was closed, if somebody was there."""
    client = Client(groups.ticket(groups.first))
    await client.connect()
    fresh = await client.joined()
    await worker.next(wire.Connect)
    kept = groups.ticket(groups.first)
    await sync_to_async(breakouts.shut)(groups.main, and_return=True)
    assert await sync_to_async(bring_back)(groups.main) == 1
    order = await worker.next(wire.CloseRoom)
    assert (order.room, order.reason) == (str(groups.first.pk), MIGRATION)
    assert await Client(fresh, reconnect="1", sid="PA_test").connect() == 401
    assert await Client(kept).connect() in (401, 403)
    await sync_to_async(breakouts.open_up)(await Breakouts.objects.aget(), timezone.now())
    assert await Client(kept).connect() == 401
    again = Client(groups.ticket(groups.first))
    assert await again.connect() == 101
    await again.leave()
    await client.leave()


async def test_who_is_placed_elsewhere_is_sent_on(worker: FakeWorker, groups: Groups) -> None:
    client = Client(groups.ticket(groups.first))
    await client.connect()
    await client.joined()
    connected = await worker.next(wire.Connect)
    put = sync_to_async(breakouts.put)
    await put(await Breakouts.objects.aget(), str(groups.charlie.pk), "Charlie", groups.second)
    await sync_to_async(access_changed.send)(sender=Room, room=groups.first)
    order = await worker.next(wire.Remove)
    assert (order.session, order.reason) == (connected.session, MIGRATION)
    assert (await Session.objects.aget(pk=connected.session)).revoked_for == Ended.MOVED
    await client.leave()


async def test_the_end_for_everybody_ends_groups(worker: FakeWorker, groups: Groups) -> None:
    """Tickets to groups die with it, too."""
    client = Client(groups.ticket(groups.first))
    await client.connect()
    await client.joined()
    await worker.next(wire.Connect)
    main = Client(groups.ticket(groups.main))
    await main.connect()
    await main.joined()
    await worker.next(wire.Connect)
    kept = groups.ticket(groups.first)
    assert await sync_to_async(close_for_everybody)(groups.main) == 2
    assert {(await worker.next(wire.CloseRoom)).room for _ in range(2)} == {str(groups.main.pk), str(groups.first.pk)}
    assert await Client(kept).connect() in (401, 403)
    for each in (client, main):
        await each.leave()
