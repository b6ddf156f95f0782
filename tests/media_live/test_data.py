"""Data between participants: packets, text streams and remote calls pass, with the true sender."""

from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.media_live.people import DEADLINE_S, Person, gathering, until
from tests.stack import Stack

pytestmark = pytest.mark.live
MODES = pytest.mark.parametrize(
    ("first", "second"),
    [(False, False), (True, True), (False, True), (True, False)],
    ids=["dual", "single", "ds", "sd"],
)


@MODES
async def test_reliable_packets_arrive_all_and_in_order(stack: Stack, slug: str, first: bool, second: bool) -> None:
    alice, bob = Person("alice", single=first), Person("bob", single=second)
    async with gathering(stack, slug, alice, bob):
        for number in range(100):
            await alice.room.local_participant.publish_data(f"message {number}", reliable=True, topic="chat")
        await until(lambda: len(bob.of("data_received")) == 100, "bob has everything")
        packets = [packet for (packet,) in bob.of("data_received")]
        assert [packet.data.decode() for packet in packets] == [f"message {number}" for number in range(100)]
        assert {packet.participant.identity for packet in packets} == {"alice"}
        assert not alice.of("data_received")


@MODES
async def test_lossy_packets_arrive(stack: Stack, slug: str, first: bool, second: bool) -> None:
    alice, bob = Person("alice", single=first), Person("bob", single=second)
    async with gathering(stack, slug, alice, bob):
        alice.do(_repeat(alice))
        await until(lambda: bob.of("data_received"), "bob has a packet")


async def test_packets_for_one_reach_nobody_else(stack: Stack, slug: str) -> None:
    alice, bob, charlie = (Person(name, single=name == "bob") for name in ("alice", "bob", "charlie"))
    async with gathering(stack, slug, alice, bob, charlie):
        await alice.room.local_participant.publish_data("for bob", destination_identities=["bob"])
        await alice.room.local_participant.publish_data("for all")
        await until(lambda: charlie.of("data_received"), "charlie has a packet")
        await until(lambda: len(bob.of("data_received")) == 2, "bob has both")
        assert [packet.data for (packet,) in charlie.of("data_received")] == [b"for all"]


@MODES
async def test_long_text_streams_arrive(stack: Stack, slug: str, first: bool, second: bool) -> None:
    alice, bob = Person("alice", single=first), Person("bob", single=second)
    text = "égalité " * 10_000
    came: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()

    def take(reader: rtc.TextStreamReader, who: str) -> None:
        async def read() -> None:
            came.set_result((who, await reader.read_all()))

        bob.do(read())

    bob.room.register_text_stream_handler("notes", take)
    async with gathering(stack, slug, alice, bob):
        await alice.room.local_participant.send_text(text, topic="notes")
        assert await asyncio.wait_for(came, DEADLINE_S) == ("alice", text)


@MODES
async def test_remote_calls_are_answered(stack: Stack, slug: str, first: bool, second: bool) -> None:
    alice, bob = Person("alice", single=first), Person("bob", single=second)
    async with gathering(stack, slug, alice, bob):

        async def greet(call: rtc.RpcInvocationData) -> str:
            return f"{call.caller_identity} said {call.payload}"

        bob.room.local_participant.register_rpc_method("greet", greet)
        answer = await asyncio.wait_for(
            alice.room.local_participant.perform_rpc(destination_identity="bob", method="greet", payload="hello"),
            DEADLINE_S,
        )
        assert answer == "alice said hello"


async def _repeat(who: Person) -> None:
    while True:
        await who.room.local_participant.publish_data(b"quick", reliable=False)
        await asyncio.sleep(0.1)
