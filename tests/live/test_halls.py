"""One subscription for all sockets of a room in one process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from suite.identity.models import User
from tests.live.meeting import present
from visio.live import halls, news
from visio.rooms.models import Room
from visio.rooms.visits import Visit

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("layer")]


class Listener:
    """Notes what it hears."""

    def __init__(self, *, fails: bool = False) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.fails = fails

    async def hear(self, message: dict[str, Any]) -> None:
        """Note a message, or fail."""
        if self.fails:
            raise RuntimeError("deaf")
        self.heard.put_nowait(message)

    async def settle(self, message: dict[str, Any]) -> None:
        """Take a while over a message."""
        await asyncio.sleep(0)
        await self.hear(message)


def subscriptions() -> set[str]:
    """Give the channels by which this process hears from Valkey."""
    layer = get_channel_layer()
    return set().union(*layer.groups.values())


async def test_all_listeners_share_one_subscription() -> None:
    """However many they are, a message comes into the process once."""
    listeners = [Listener() for _number in range(20)]
    await asyncio.gather(*(halls.join("hall", listener) for listener in listeners))
    assert len(subscriptions()) == 1
    await get_channel_layer().group_send("hall", {"type": "news"})
    assert [await asyncio.wait_for(one.heard.get(), 5) for one in listeners] == [{"type": "news"}] * 20


async def test_one_that_fails_does_not_keep_the_others_from_hearing() -> None:
    """A broken socket is its own affair."""
    broken, whole = Listener(fails=True), Listener()
    for listener in (broken, whole):
        await halls.join("hall", listener)
    await get_channel_layer().group_send("hall", {"type": "news"})
    assert await asyncio.wait_for(whole.heard.get(), 5) == {"type": "news"}


async def test_the_last_one_to_leave_ends_the_subscription() -> None:
    """What nobody hears does not come."""
    first, second = Listener(), Listener()
    for listener in (first, second):
        await halls.join("hall", listener)
    halls.leave("hall", first)
    assert subscriptions()
    halls.leave("hall", second)
    async with asyncio.timeout(5):
        while subscriptions():  # noqa: ASYNC110  (the channel layer tells nobody)
            await asyncio.sleep(0.01)
    await halls.join("hall", first)
    await get_channel_layer().group_send("hall", {"type": "news"})
    assert await asyncio.wait_for(first.heard.get(), 5) == {"type": "news"}


async def test_who_takes_turns_does_it_once() -> None:
    """What is said again before somebody's turn is done with it."""
    listeners = [Listener() for _number in range(3)]
    for listener in listeners:
        await halls.join("hall", listener)
    for number in range(10):
        await get_channel_layer().group_send("hall", {"type": "look", "in_turn": True, "number": number})
    while (await asyncio.wait_for(listeners[-1].heard.get(), 5))["number"] < 9:
        pass
    assert listeners[-1].heard.empty()


async def test_states_that_follow_fast_are_told_as_the_last() -> None:
    """The first comes at once, of the others only the newest."""
    listener = Listener()
    await halls.join("hall", listener)
    for number in range(50):
        await get_channel_layer().group_send("hall", {"type": "state", "latest": "state", "number": number})
    told = 0
    while (await asyncio.wait_for(listener.heard.get(), 5))["number"] < 49:
        told += 1
    assert told < 10
    halls.leave("hall", listener)


async def test_who_waits_is_read_once_for_all_hosts(room: Room, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two browsers of the host and twenty arrivals: a few looks at the list, the last one whole."""
    hosts = [await present(room, alice), await present(room, alice)]
    looks, read = [], news.READ[news.LOBBY]

    def noted(message: dict[str, Any]) -> dict[str, Any]:
        looks.append(message)
        return read(message)

    monkeypatch.setitem(news.READ, news.LOBBY, noted)
    for number in range(20):
        await sync_to_async(Visit.ask)(room, f"guest-{number}", None, f"Guest {number}", {"kind": "guest"})
        await sync_to_async(news.lobby_changed)(room)
    for host in hosts:
        while len((await host.hears("lobby.people"))["people"]) < 20:
            pass
    assert len(looks) < 15
    for host in hosts:
        await host.leave()


async def test_sockets_have_no_subscription_of_their_own(room: Room, alice: User) -> None:
    """Three people in a room are one subscription, not six."""
    people = [await present(room, alice), await present(room, guest="dave"), await present(room, guest="erin")]
    assert len(subscriptions()) == 1
    for person in people:
        await person.leave()


async def test_messages_keep_their_order_while_a_socket_is_busy(room: Room, alice: User) -> None:
    """What comes during a look into the database is told after it, in its order."""
    host = await present(room, alice)
    await sync_to_async(news.recheck)(room.pk, None)
    for number in range(20):
        await sync_to_async(news.say)(room.pk, {"type": "test", "number": number})
    assert [(await host.hears("test"))["number"] for _number in range(20)] == list(range(20))
    await host.leave()
