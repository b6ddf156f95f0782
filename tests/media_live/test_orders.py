"""What Django orders happens to real clients: removal, end of a room, new rights, forced mute, duplicate identity."""

from __future__ import annotations

from dataclasses import replace

import pytest
from livekit import rtc
from livekit.protocol import models

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack
from visio import wire

pytestmark = pytest.mark.live
MODE = pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
Reason = models.DisconnectReason


@MODE
async def test_removed_person_is_out_and_stays_out(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        worker, room, described = await headquarters.find("bob")
        await headquarters.send(worker, wire.Remove(room, described["session"], Reason.PARTICIPANT_REMOVED))
        await until(lambda: bob.of("disconnected") == [(Reason.PARTICIPANT_REMOVED,)], "bob is told why he is out")
        await until(lambda: not alice.others(), "alice sees bob gone")


async def test_closed_room_puts_everybody_out(stack: Stack, slug: str) -> None:
    alice, bob = Person("alice", single=False), Person("bob", single=True)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        worker, room, _ = await headquarters.find("bob")
        await headquarters.send(worker, wire.CloseRoom(room, Reason.ROOM_DELETED))
        for person in (alice, bob):
            await until(lambda who=person: who.of("disconnected") == [(Reason.ROOM_DELETED,)], f"{person.name} is out")  # type: ignore[misc]


@MODE
async def test_lost_right_unpublishes(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await alice.show(200)
        await bob.sees("alice", 200)
        worker, room, described = await headquarters.find("alice")
        grant = wire.Grant("alice", name="Alice", sources=("microphone",))
        await headquarters.send(worker, wire.Permit(room, described["session"], grant))
        await until(lambda: bob.of("track_unpublished"), "bob is told of the end of the picture")
        await until(lambda: alice.of("participant_permissions_changed"), "alice is told of her rights")
        await bob.hears("alice", 440)
        await headquarters.send(worker, wire.Permit(room, described["session"], replace(grant, can_publish=False)))
        await until(lambda: len(bob.of("track_unpublished")) == 2, "bob is told of the end of the sound")


@MODE
async def test_forbidden_source_is_refused(stack: Stack, slug: str, single: bool) -> None:
    alice = Person("alice", single=single)
    async with gathering(stack, slug, alice), Headquarters(stack) as headquarters:
        worker, room, described = await headquarters.find("alice")
        grant = wire.Grant("alice", sources=("microphone",))
        await headquarters.send(worker, wire.Permit(room, described["session"], grant))
        await until(lambda: alice.of("participant_permissions_changed"), "alice is told of her rights")
        with pytest.raises(rtc.participant.PublishTrackError):
            await alice.show(200)


@MODE
async def test_forced_mute_silences(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        spoken = await alice.speak(440)
        await bob.hears("alice", 440)
        worker, room, described = await headquarters.find("alice")
        await headquarters.send(worker, wire.Mute(room, described["session"], spoken.sid, muted=True))
        await until(lambda: bob.of("track_muted"), "bob is told of the mute")
        await until(lambda: bob.received["alice", "mic"].loudness(20) < 100, "silence at bob's")


@MODE
async def test_second_connection_of_a_person_replaces_the_first(stack: Stack, slug: str, single: bool) -> None:
    first, second, bob = Person("alice", single=single), Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, first, bob), gathering(stack, slug, second):
        await until(lambda: first.of("disconnected") == [(Reason.DUPLICATE_IDENTITY,)], "the first is told why")
        await second.speak(660)
        await bob.hears("alice", 660)


@MODE
async def test_attributes_are_told_and_vouched_ones_kept(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        worker, room, described = await headquarters.find("alice")
        grant = wire.Grant("alice", attributes={"kind": "guest"}, can_update_metadata=True)
        await headquarters.send(worker, wire.Permit(room, described["session"], grant))
        await until(lambda: alice.of("participant_permissions_changed"), "alice is told of her rights")
        await alice.room.local_participant.set_attributes({"color": "blue"})
        await until(
            lambda: bob.room.remote_participants["alice"].attributes.get("color") == "blue", "bob sees the colour"
        )
        await alice.room.local_participant.set_attributes({"kind": "agent"})
        await alice.room.local_participant.set_attributes({"color": "red"})
        await until(lambda: bob.room.remote_participants["alice"].attributes["color"] == "red", "bob sees the change")
        assert bob.room.remote_participants["alice"].attributes["kind"] == "guest"
