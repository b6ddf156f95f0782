"""Calls survive what breaks: a lost socket, a dead web role, a worker that ends or dies; and nothing is left behind."""

from __future__ import annotations

import asyncio

import pytest
from livekit.rtc import SimulateScenarioKind

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack
from visio.rooms import slugs

pytestmark = pytest.mark.live
MODE = pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
ROOMS = 50
WARM_UP = 10
GROWTH_BYTES = 2 * 1024 * 1024
"""100 participants that were kept would be 20 MiB; an allocator varies by some 0.1 MiB."""


@MODE
async def test_resume_keeps_the_media_and_the_participant(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await bob.hears("alice", 440)
        _, _, before = await headquarters.find("alice")
        await alice.room.simulate_scenario(SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT)
        await until(lambda: alice.of("reconnected"), "alice is back")
        _, _, after = await headquarters.find("alice")
        assert after["sid"] == before["sid"]
        await bob.show(60)
        await alice.sees("bob", 60)
        await bob.hears("alice", 440)
        assert not bob.of("participant_disconnected")


@MODE
async def test_no_message_is_lost_or_doubled_by_a_resume(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        sent: list[int] = []
        alice.do(_count_aloud(alice, sent))
        await until(lambda: bob.of("data_received"), "bob gets messages")
        for who in (bob, alice):
            await who.room.simulate_scenario(SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT)
            await until(lambda who=who: who.of("reconnected"), f"{who.name} is back")  # type: ignore[misc]
        enough = len(sent) + 20
        await until(lambda: len(bob.of("data_received")) >= enough, "bob gets more messages")
        got = [int(packet.data) for (packet,) in bob.of("data_received")]
        assert got == list(range(len(got)))


@MODE
async def test_full_reconnect_brings_everything_back(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        await alice.speak(440)
        await bob.hears("alice", 440)
        await alice.room.simulate_scenario(SimulateScenarioKind.SIMULATE_FULL_RECONNECT)
        await until(lambda: alice.of("reconnected"), "alice is back")
        await bob.hears("alice", 440)


@MODE
async def test_ended_worker_hands_its_rooms_over(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await bob.hears("alice", 440)
        owner, _, _ = await headquarters.find("alice")
        name = f"media-{owner.partition('-')[0]}"
        await asyncio.to_thread(stack.stop, name)
        try:
            await until(lambda: alice.of("reconnected") and bob.of("reconnected"), "both are back")
            await bob.hears("alice", 440)
            moved, _, _ = await headquarters.find("bob")
            assert moved != owner
        finally:
            stack.start(name)  # in this thread: with the thread that starts it, a child of the stack dies


@MODE
async def test_killed_web_role_lets_everybody_come_back(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        await alice.speak(440)
        await bob.hears("alice", 440)
        stack.kill("web")
        stack.start("web")
        await until(lambda: alice.of("reconnected") and bob.of("reconnected"), "both are back")
        await bob.hears("alice", 440)
        await alice.show(200)
        await bob.sees("alice", 200)


async def test_many_rooms_leave_nothing_behind() -> None:
    with Stack(media=1) as stack:
        async with Headquarters(stack) as headquarters:
            before = await _after_meetings(stack, headquarters, WARM_UP)
            after = await _after_meetings(stack, headquarters, ROOMS)
            assert not await headquarters.room_keys()
    assert (after["tasks"], after["fds"]) == (before["tasks"], before["fds"])
    assert after["rss_bytes"] - before["rss_bytes"] < GROWTH_BYTES, (before, after)


async def _after_meetings(stack: Stack, headquarters: Headquarters, count: int) -> dict[str, int]:
    for number in range(count):
        await _short_meeting(stack, single=number % 2 == 0)
    return await headquarters.settled()


async def _short_meeting(stack: Stack, *, single: bool) -> None:
    """Let two people hear of each other in a new room."""
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slugs.generate(), alice, bob):
        await alice.speak(440)
        await alice.room.local_participant.publish_data("hello")
        await until(lambda: bob.of("data_received"), "bob has the packet")
        await until(lambda: ("alice", "mic") in bob.received, "bob has the track")


async def _count_aloud(who: Person, sent: list[int]) -> None:
    """Send numbers reliably until this person leaves."""
    while True:
        await who.room.local_participant.publish_data(str(len(sent)), reliable=True)
        sent.append(len(sent))
        await asyncio.sleep(0.02)
