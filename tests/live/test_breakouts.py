"""Breakout rooms over the companion socket: made, filled, opened, chosen, closed; enforced whatever a client does."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.meeting import enter
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.live.tasks import end_breakouts
from visio.rooms.models import Breakouts, Place, Room
from visio.signalling import registry, sessions
from visio.signalling.models import Ended, Session

MIGRATION = 8
"""LiveKit's number of the reason for which people are sent on."""


class Meeting:
    """Alice hosts, bob and charlie are members; all are in the main room."""

    def __init__(self, room: Room, people: dict[str, User], sockets: dict[str, Browser]) -> None:
        self.room, self.people = room, people
        self.alice, self.bob, self.charlie = sockets["alice"], sockets["bob"], sockets["charlie"]

    def id_of(self, name: str) -> str:
        """Give the identity of somebody."""
        return str(self.people[name].pk)

    async def make(self, count: int = 2, **options: Any) -> list[str]:
        """Make groups; give their ids as bob hears them."""
        await self.alice.say("breakouts.make", count=count, **{"choosing": False, **options})
        heard = await self.bob.hears("breakouts.state")
        while len(heard["groups"]) != count:
            heard = await self.bob.hears("breakouts.state")
        return [group["id"] for group in heard["groups"]]

    async def opened(self, **options: Any) -> list[str]:
        """Make two groups, put bob into the first and charlie into the second, and open them."""
        ids = await self.make(**options)
        for name, group in zip(("bob", "charlie"), ids, strict=True):
            await self.done(self.alice, "breakouts.place", identity=self.id_of(name), group=group)
        await self.done(self.alice, "breakouts.open")
        for socket, group in ((self.bob, ids[0]), (self.charlie, ids[1])):
            await socket.hears("breakouts.mine", group=group)
        return ids

    async def done(self, who: Browser, type: str, **fields: Any) -> None:  # noqa: A002
        """Say something that is done."""
        await who.say(type, id=70, **fields)
        await who.hears("done", to=70)

    async def refused(self, who: Browser, type: str, **fields: Any) -> str:  # noqa: A002
        """Say something that is not done; give the code of the error."""
        await who.say(type, id=71, **fields)
        return str((await who.hears("error", to=71))["code"])

    async def move(self, name: str, group: str) -> Browser:
        """Bring somebody into a group, as their page does; give the new socket."""
        room = await Room.objects.select_related("parent").aget(pk=group)
        there = Session.objects.filter(identity=self.id_of(name), left_at=None)
        await there.aupdate(left_at=timezone.now())
        await sync_to_async(enter)(room, self.people[name])
        socket = Browser(room, self.people[name])
        await socket.arrive()
        return socket


@pytest_asyncio.fixture
async def meeting(worker: FakeWorker, room: Room, alice: User, bob: User, charlie: User) -> AsyncIterator[Meeting]:
    """Everybody is there."""
    people = {"alice": alice, "bob": bob, "charlie": charlie}
    for name, user in people.items():
        if name != "alice":
            await sync_to_async(room.add_member)(user)
        await sync_to_async(enter)(room, user)
    await Room.objects.filter(pk=room.pk).aupdate(began_at=timezone.now())
    sockets = {name: Browser(room, user) for name, user in people.items()}
    for socket in sockets.values():
        await socket.arrive()
    yield Meeting(room, people, sockets)
    for socket in sockets.values():
        await socket.leave()


async def test_it_works(meeting: Meeting) -> None:
    """Made, spread, opened: each hears of their own room, also who comes late; then all come back."""
    for who in (meeting.bob, meeting.charlie):
        await who.hears("breakouts.mine", group="", room=meeting.room.slug)
    await meeting.alice.say("breakouts.make", count=2, choosing=False, minutes=10)
    state = await meeting.bob.hears("breakouts.state", open=False, minutes=10)
    assert [group["name"] for group in state["groups"]] == ["Group 1", "Group 2"]
    await meeting.done(meeting.alice, "breakouts.spread")
    await meeting.alice.say("breakouts.open")
    rooms = [(await who.hears("breakouts.mine"))["room"] for who in (meeting.bob, meeting.charlie)]
    slugs = {group.slug async for group in Room.objects.filter(parent=meeting.room)}
    assert set(rooms) == slugs
    late = Browser(meeting.room, meeting.people["bob"])
    await late.arrive()
    assert (await late.hears("breakouts.state", open=True))["ends_at"]
    assert (await late.hears("breakouts.mine"))["room"] == rooms[0]
    await late.leave()
    await meeting.done(meeting.alice, "breakouts.close", seconds=0)
    await meeting.bob.hears("breakouts.mine", group="", room=meeting.room.slug)
    await meeting.bob.hears_none("breakouts.people")


async def test_only_hosts_run_groups(meeting: Meeting) -> None:
    ids = await meeting.make()
    me = meeting.id_of("bob")
    orders: list[tuple[str, dict[str, Any]]] = [
        ("breakouts.make", {"count": 2, "choosing": False}),
        ("breakouts.name", {"group": ids[0], "name": "Mine"}),
        ("breakouts.place", {"identity": me, "group": ids[0]}),
        ("breakouts.spread", {}),
        ("breakouts.open", {}),
        ("breakouts.say", {"text": "Hello"}),
        ("breakouts.helped", {"identity": me}),
        ("breakouts.close", {}),
        ("breakouts.choose", {"group": ids[0]}),
        ("breakouts.help", {}),
    ]
    for type_, fields in orders:
        assert await meeting.refused(meeting.bob, type_, **fields) == "not_allowed", type_


@pytest.mark.parametrize(
    ("type_", "fields", "code"),
    [
        ("breakouts.make", {"count": 1, "choosing": False}, "malformed"),
        ("breakouts.make", {"count": 51, "choosing": False}, "malformed"),
        ("breakouts.make", {"count": 2, "choosing": False, "minutes": 601}, "malformed"),
        ("breakouts.make", {"count": 2, "choosing": False, "minutes": -1}, "malformed"),
        ("breakouts.name", {"group": "nothing", "name": "A"}, "gone"),
        ("breakouts.place", {"identity": "nobody"}, "nobody"),
        ("breakouts.place", {"identity": "nobody", "group": str(uuid.UUID(int=1))}, "gone"),
        ("breakouts.say", {"text": " \u202e "}, "malformed"),
        ("breakouts.helped", {"identity": "nobody"}, "nobody"),
        ("breakouts.close", {"seconds": 301}, "malformed"),
        ("breakouts.close", {"seconds": -1}, "malformed"),
        ("breakouts.close", {}, "not_allowed"),
        ("breakouts.choose", {}, "not_allowed"),
    ],
)
async def test_what_is_wrong_has_a_code(meeting: Meeting, type_: str, fields: dict[str, Any], code: str) -> None:
    await meeting.make()
    assert await meeting.refused(meeting.alice, type_, **fields) == code


async def test_without_groups_there_is_nothing_to_run(meeting: Meeting) -> None:
    for type_ in ("breakouts.spread", "breakouts.open", "breakouts.close"):
        assert await meeting.refused(meeting.alice, type_) == "gone"
    assert await meeting.refused(meeting.alice, "breakouts.say", text="Hello") == "gone"


async def test_names(meeting: Meeting) -> None:
    """Given by the language of the maker, changed by hosts; an empty one is refused."""
    ids = await meeting.make()
    await meeting.alice.say("breakouts.name", group=ids[1], name="  Budget ")
    heard = await meeting.bob.hears("breakouts.state")
    assert [group["name"] for group in heard["groups"]] == ["Group 1", "Budget"]
    assert await meeting.refused(meeting.alice, "breakouts.name", group=ids[1], name=" ") == "malformed"
    french = Browser(meeting.room, meeting.people["alice"], language="fr")
    await french.arrive()
    await french.say("breakouts.make", count=2, choosing=False)
    while (heard := await meeting.bob.hears("breakouts.state"))["groups"][1]["name"] == "Budget":
        pass
    assert [group["name"] for group in heard["groups"]] == ["Groupe 1", "Groupe 2"]
    await french.leave()


async def test_hosts_see_who_belongs_where(meeting: Meeting) -> None:
    """By hand, one place a person, taken back; the others are not told."""
    ids = await meeting.make()
    bob = meeting.id_of("bob")

    async def group_of_bob() -> str:
        people = (await meeting.alice.hears("breakouts.people"))["people"]
        assert {person["identity"]: person["host"] for person in people}[meeting.id_of("alice")]
        return {person["identity"]: str(person["group"]) for person in people}[bob]

    assert await group_of_bob() == ""
    for group in ids:
        await meeting.alice.say("breakouts.place", identity=bob, group=group)
        assert await group_of_bob() == group
    assert await Place.objects.acount() == 1
    await meeting.alice.say("breakouts.place", identity=bob)
    assert await group_of_bob() == ""
    await meeting.bob.hears_none("breakouts.people")


async def test_open_groups_are_not_made_anew(meeting: Meeting) -> None:
    await meeting.opened()
    assert await meeting.refused(meeting.alice, "breakouts.make", count=3, choosing=False) == "not_allowed"
    assert await meeting.refused(meeting.alice, "breakouts.open") == "not_allowed"


async def test_who_is_placed_elsewhere_leaves_the_former_group(meeting: Meeting, worker: FakeWorker) -> None:
    """The host moves bob while the groups are open: his session in the first one ends, and its socket closes."""
    ids = await meeting.opened()
    socket = await meeting.move("bob", ids[0])
    await meeting.done(meeting.alice, "breakouts.place", identity=meeting.id_of("bob"), group=ids[1])
    await socket.hears("breakouts.mine", group=ids[1])
    assert await socket.closed() == 4403
    session = await Session.objects.aget(room__id=ids[0], identity=meeting.id_of("bob"))
    assert session.revoked_for == Ended.MOVED


async def test_choosing(meeting: Meeting) -> None:
    """Who may choose goes where they like and back; who may not stays."""
    ids = await meeting.opened(choosing=True)
    await meeting.alice.say("breakouts.choose", group=ids[1])
    await meeting.alice.hears("breakouts.mine", group=ids[1])
    await meeting.bob.say("breakouts.choose", group=ids[1])
    await meeting.bob.hears("breakouts.mine", group=ids[1])
    await meeting.bob.say("breakouts.choose")
    await meeting.bob.hears("breakouts.mine", group="", room=meeting.room.slug)
    assert await meeting.refused(meeting.bob, "breakouts.choose", group=str(uuid.UUID(int=1))) == "gone"


async def test_who_goes_to_and_fro_is_slowed_down(meeting: Meeting) -> None:
    ids = await meeting.opened(choosing=True)
    for turn in range(5):
        await meeting.done(meeting.bob, "breakouts.choose", group=ids[turn % 2])
    assert await meeting.refused(meeting.bob, "breakouts.choose", group=ids[1]) == "slow_down"


async def test_hosts_move_freely(meeting: Meeting) -> None:
    ids = await meeting.opened()
    assert await meeting.refused(meeting.bob, "breakouts.choose", group=ids[1]) == "not_allowed"
    await meeting.done(meeting.alice, "breakouts.choose", group=ids[0])
    host = await meeting.move("alice", ids[0])
    await meeting.done(host, "breakouts.choose", group=ids[1])
    await host.hears_none("error")
    await host.leave()


async def test_a_line_reaches_every_group(meeting: Meeting) -> None:
    ids = await meeting.opened()
    bob, charlie = await meeting.move("bob", ids[0]), await meeting.move("charlie", ids[1])
    await meeting.alice.say("breakouts.say", text="Five more minutes")
    for socket in (meeting.alice, bob, charlie):
        line = await socket.hears("breakouts.said")
        assert (line["text"], line["from"]) == ("Five more minutes", str(meeting.people["alice"]))
    await bob.leave()
    await charlie.leave()


async def test_help(meeting: Meeting) -> None:
    """Hosts see who asks, also who comes later; it is over when one goes there, or says so."""
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])

    async def who_asks() -> list[str]:
        people = (await meeting.alice.hears("breakouts.people"))["people"]
        return [person["identity"] for person in people if person["help"]]

    async def ask() -> None:
        await bob.say("breakouts.help")
        while await who_asks() != [meeting.id_of("bob")]:
            pass

    await ask()
    late = Browser(meeting.room, meeting.people["alice"])
    await late.arrive()
    people = (await late.hears("breakouts.people"))["people"]
    assert [person["identity"] for person in people if person["help"]] == [meeting.id_of("bob")]
    await meeting.alice.say("breakouts.helped", identity=meeting.id_of("bob"))
    while await who_asks():
        pass
    await ask()
    await meeting.alice.say("breakouts.choose", group=ids[0])
    while await who_asks():
        pass
    await late.leave()
    await bob.leave()


async def test_time_is_up(meeting: Meeting, worker: FakeWorker) -> None:
    """The server, not a browser, brings everybody back: sessions end in the media, sockets close, once."""
    ids = await meeting.opened(minutes=5)
    bob = await meeting.move("bob", ids[0])
    await sync_to_async(end_breakouts)()
    assert await Breakouts.objects.opened().aexists()
    async with registry.valkey() as connection:
        await registry.claim(connection, ids[0])
    await Breakouts.objects.aupdate(ends_at=timezone.now() - timedelta(seconds=1))
    await sync_to_async(end_breakouts)()
    order = await worker.next(wire.CloseRoom)
    assert (order.room, order.reason) == (ids[0], MIGRATION)
    await bob.hears("breakouts.mine", room=meeting.room.slug, group="")
    assert await bob.closed() == 4403
    session = await Session.objects.aget(room__id=ids[0])
    assert session.revoked_for == Ended.ROOM_CLOSED
    await meeting.charlie.hears("breakouts.state", open=False)
    await sync_to_async(end_breakouts)()
    assert worker.orders.empty()


async def test_notice(meeting: Meeting) -> None:
    """Everybody hears until when; a later end never replaces an earlier one."""
    await meeting.opened(minutes=10)
    await meeting.alice.say("breakouts.close")
    before = timezone.now()
    while True:
        await meeting.bob.hears("breakouts.state")
        ends_at = (await Breakouts.objects.aget()).ends_at
        assert ends_at is not None
        if ends_at < before + timedelta(minutes=1):
            break
    await meeting.done(meeting.alice, "breakouts.close", seconds=200)
    assert (await Breakouts.objects.aget()).ends_at == ends_at


async def test_a_closed_group_takes_no_socket(meeting: Meeting) -> None:
    ids = await meeting.opened()
    await meeting.done(meeting.alice, "breakouts.close", seconds=0)
    for name in ("bob", "alice"):
        socket = Browser(await Room.objects.aget(pk=ids[0]), meeting.people[name])
        await socket.open()
        await socket.say("hello", version=1)
        assert (await socket.hears("error"))["code"] == "not_allowed"
        assert await socket.closed() == 4403


async def test_put_out_of_a_group_is_put_out_of_the_meeting(meeting: Meeting) -> None:
    """A host in the main room bans somebody in a group; no door of the meeting opens to them any more."""
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])
    await meeting.done(meeting.alice, "people.ban", identity=meeting.id_of("bob"), lasting=False)
    assert await bob.closed() == 4403
    assert not await Place.objects.filter(identity=meeting.id_of("bob")).aexists()
    for place in (ids[0], str(meeting.room.pk)):
        socket = Browser(await Room.objects.aget(pk=place), meeting.people["bob"])
        await socket.open()
        await socket.say("hello", version=1)
        assert await socket.closed() == 4403


async def test_the_end_for_everybody_ends_groups(meeting: Meeting) -> None:
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])
    await meeting.done(meeting.alice, "room.close")
    assert await bob.closed() == 4403
    assert not await Session.objects.inside().aexists()
    assert not await Breakouts.objects.opened().aexists()


async def test_a_frozen_meeting_is_frozen_in_its_groups(meeting: Meeting) -> None:
    """Frozen from a group by a host there; nobody else writes, neither there nor beside."""
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])
    await meeting.done(meeting.alice, "breakouts.choose", group=ids[1])
    host = await meeting.move("alice", ids[1])
    await meeting.done(host, "room.freeze", frozen=True)
    await bob.hears("room.state", frozen=True)
    assert await meeting.refused(bob, "chat.send", text="Hello") == "not_allowed"
    assert await meeting.refused(bob, "breakouts.help") == "not_allowed"
    assert (await Room.objects.aget(pk=meeting.room.pk)).is_frozen
    await bob.leave()
    await host.leave()


async def test_the_lobby_is_that_of_the_main_room(meeting: Meeting) -> None:
    """A host in a group locks the meeting, sees who waits at its door, and lets them into the main room."""
    ids = await meeting.opened()
    await meeting.done(meeting.alice, "breakouts.choose", group=ids[1])
    host = await meeting.move("alice", ids[1])
    await meeting.done(host, "room.lock", locked=True)
    assert (await Room.objects.aget(pk=meeting.room.pk)).is_locked
    guest = Browser(meeting.room)
    assert not (await guest.arrive("Dave"))["inside"]
    while not (waiting := (await host.hears("lobby.people"))["people"]):
        pass
    await meeting.done(host, "lobby.admit", identity=waiting[0]["identity"])
    await guest.hears("lobby.admitted")
    await guest.leave()
    await host.leave()


async def test_the_meeting_goes_on_while_all_are_in_groups(meeting: Meeting) -> None:
    """Nobody is left in the main room, and yet it ends, with its groups, only when all have gone."""
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])
    everybody = Session.objects.filter(room=meeting.room)
    await everybody.aupdate(left_at=timezone.now())
    await Breakouts.objects.aupdate(moved_at=None)
    await sync_to_async(sessions.end_meetings)(Room.objects.all())
    assert (await Room.objects.aget(pk=meeting.room.pk)).began_at
    await Session.objects.aupdate(left_at=timezone.now())
    await sync_to_async(sessions.end_meetings)(Room.objects.all())
    assert [room.pk async for room in Room.objects.all()] == [meeting.room.pk]
    await bob.leave()


async def test_who_is_left_in_closed_groups_is_brought_back(meeting: Meeting) -> None:
    """A process died after it had closed them, before it had told anybody."""
    ids = await meeting.opened()
    bob = await meeting.move("bob", ids[0])
    await Breakouts.objects.aupdate(is_open=False)
    await sync_to_async(end_breakouts)()
    assert await bob.closed() == 4403
    assert not await Session.objects.inside().filter(room__id=ids[0]).aexists()
