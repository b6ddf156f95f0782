"""Hands in the order of the server, reactions that nobody can flood with, and the spotlight."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.test_moderation import _inside
from tests.signalling.worker import FakeWorker
from visio.rooms.models import Room


async def test_hands(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """First come first; who had the floor is marked, and asked to unmute; hosts lower one or all."""
    await sync_to_async(room.add_member)(charlie)
    first, _session = await _inside(worker, room, alice)
    second, _other = await _inside(worker, room, charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    await member.say("hand.raise")
    await member.say("hand.raise")
    await host.hears("hand.list", hands=[]) and await host.hears("hand.list")
    await host.say("hand.raise", id=1)
    await host.hears("done", to=1)
    late = Browser(room, charlie)
    await late.arrive()
    hands = (await late.hears("hand.list"))["hands"]
    assert [(hand["name"], hand["spoke"]) for hand in hands] == [("Charlie Test", False), ("Alice Test", False)]
    await member.say("hand.give", identity=str(alice.pk), id=2)
    assert (await member.hears("error", to=2))["code"] == "not_allowed"
    await host.say("hand.give", identity=str(charlie.pk))
    assert (await member.hears("people.asked"))["from"] == "Alice Test"
    await member.say("hand.raise", id=3)
    await member.hears("done", to=3)
    again = (await _last_list(late, 2))["hands"]
    assert [(hand["name"], hand["spoke"]) for hand in again] == [("Alice Test", False), ("Charlie Test", True)]
    await host.say("hand.clear")
    assert (await late.hears("hand.list", hands=[]))["hands"] == []
    for one in (host, member, late):
        await one.leave()
    for client in (first, second):
        await client.leave()


async def _last_list(browser: Browser, count: int) -> dict[str, list[dict[str, object]]]:
    """Give the list once so many hands are up and one of them has spoken."""
    while True:
        heard = await browser.hears("hand.list")
        if len(heard["hands"]) == count and any(hand["spoke"] for hand in heard["hands"]):
            return heard


async def test_reactions(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """A closed set, shown to all, five in ten seconds; only from those who are in the meeting."""
    await sync_to_async(room.add_member)(charlie)
    client, _session = await _inside(worker, room, charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    await member.say("reaction.send", reaction="clap")
    shown = await host.hears("reaction.shown")
    assert (shown["name"], shown["identity"], shown["reaction"]) == ("Charlie Test", str(charlie.pk), "clap")
    for number in range(2, 7):
        await member.say("reaction.send", reaction="yes", id=number)
    assert (await member.hears("error", to=6))["code"] == "not_allowed"
    await member.say("reaction.send", reaction="<b>", id=7)
    assert (await member.hears("error", to=7))["code"] == "malformed"
    await host.say("reaction.send", reaction="yes", id=8)
    assert "not in the meeting" in (await host.hears("error", to=8))["message"]
    await client.leave()
    await host.leave()
    await member.leave()


async def test_the_spotlight(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Everybody is told, who comes later too; a member sets nothing."""
    await sync_to_async(room.add_member)(charlie)
    client, _session = await _inside(worker, room, charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await host.say("stage.spotlight", identity=str(charlie.pk))
    await host.hears("stage.state", spotlight=str(charlie.pk))
    await member.arrive()
    await member.hears("stage.state", spotlight=str(charlie.pk))
    await member.say("stage.spotlight", id=1)
    assert (await member.hears("error", to=1))["code"] == "not_allowed"
    await host.say("stage.spotlight")
    await member.hears("stage.state", spotlight="")
    await client.leave()
    await host.leave()
    await member.leave()


async def test_who_is_not_there_lowers_nothing(layer: None, room: Room, alice: User) -> None:
    onlooker = Browser(room, alice)
    await onlooker.arrive()
    await onlooker.say("hand.lower", id=1)
    assert "not in the meeting" in (await onlooker.hears("error", to=1))["message"]
    await onlooker.leave()
