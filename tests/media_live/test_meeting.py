"""A meeting with the unmodified SDK: sound and picture arrive as they were sent, in both connection modes."""

from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.media_live.people import Person, gathering, until
from tests.stack import Stack

pytestmark = pytest.mark.live

MODES = pytest.mark.parametrize(
    ("first", "second"), [(False, False), (True, True), (False, True)], ids=["dual", "single", "mixed"]
)
MODE = pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])


@MODES
async def test_two_people_see_and_hear_each_other(stack: Stack, slug: str, first: bool, second: bool) -> None:
    alice, bob = Person("alice", single=first), Person("bob", single=second)
    async with gathering(stack, slug, alice, bob):
        for person, hz, red in ((alice, 440, 200), (bob, 880, 60)):
            await person.speak(hz)
            await person.show(red)
        await bob.hears("alice", 440)
        await bob.sees("alice", 200)
        await alice.hears("bob", 880)
        await alice.sees("bob", 60)


@MODE
async def test_tracks_from_before_one_joined_arrive(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice):
        await alice.speak(440)
        await alice.show(200)
        async with gathering(stack, slug, bob):
            await bob.hears("alice", 440)
            await bob.sees("alice", 200)


async def test_five_people_in_mixed_modes(stack: Stack, slug: str) -> None:
    people = [Person(f"person{number}", single=number % 2 == 0) for number in range(5)]
    async with gathering(stack, slug, *people):
        await asyncio.gather(*(person.speak(400 + 100 * number) for number, person in enumerate(people)))
        await asyncio.gather(*(person.show(40 + 45 * number) for number, person in enumerate(people)))
        pairs = [(person, number) for person in people for number, other in enumerate(people) if other is not person]
        await asyncio.gather(*(person.hears(f"person{number}", 400 + 100 * number) for person, number in pairs))
        await asyncio.gather(*(person.sees(f"person{number}", 40 + 45 * number) for person, number in pairs))


@MODE
async def test_screen_share_with_sound_beside_the_camera(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        await alice.show(200)
        await alice.show(90, "screen", rtc.TrackSource.SOURCE_SCREENSHARE)
        await alice.speak(700, "screen-sound", rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO)
        await bob.sees("alice", 200)
        await bob.sees("alice", 90, "screen")
        await bob.hears("alice", 700, "screen-sound")


@MODE
async def test_unpublished_track_goes_and_a_new_one_takes_its_place(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        shown = await alice.show(200)
        await bob.sees("alice", 200)
        await alice.room.local_participant.unpublish_track(shown.sid)
        await until(lambda: bob.of("track_unpublished"), "bob is told of the end")
        await alice.show(90, "again")
        await bob.sees("alice", 90, "again")


@MODE
async def test_mute_is_told_and_stops_the_sound(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        spoken = await alice.speak(440)
        await bob.hears("alice", 440)
        assert isinstance(spoken.track, rtc.LocalAudioTrack)
        spoken.track.mute()
        await until(lambda: bob.of("track_muted"), "bob is told of the mute")
        await until(lambda: bob.received["alice", "mic"].loudness(20) < 100, "silence at bob's")
        spoken.track.unmute()
        await until(lambda: bob.of("track_unmuted"), "bob is told of the end of the mute")
        await bob.hears("alice", 440)


@MODE
async def test_who_leaves_is_gone_at_once(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice):
        async with gathering(stack, slug, bob):
            await until(lambda: alice.others() == {"bob"}, "alice sees bob")
        await until(lambda: not alice.others(), "alice sees bob gone", 6)


@MODE
async def test_who_speaks_is_told(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        await alice.speak(440)
        await until(
            lambda: any(
                who.identity == "alice" for (speakers,) in bob.of("active_speakers_changed") for who in speakers
            ),
            "bob is told that alice speaks",
        )


@MODE
async def test_only_what_is_asked_for_arrives_without_auto_subscribe(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice):
        await alice.speak(440)
        await alice.show(200)
        try:
            await bob.enter(stack, slug, auto_subscribe=False)
            await until(lambda: len(bob.room.remote_participants["alice"].track_publications) == 2, "bob knows both")
            for publication in bob.room.remote_participants["alice"].track_publications.values():
                if publication.kind == rtc.TrackKind.KIND_AUDIO:
                    publication.set_subscribed(True)
            await bob.hears("alice", 440)
            assert not bob.received["alice", "cam"].reds
        finally:
            await bob.leave()
