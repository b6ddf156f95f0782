"""A long meeting in which many tracks come and go: the unmodified SDK still gets the next one."""

from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.media_live.people import HEIGHT, WIDTH, Person, gathering, until
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.long]

TRACKS, AT_ONCE = 150, 5


@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
async def test_after_150_tracks_the_next_one_still_arrives(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    async with gathering(stack, slug, alice, bob):
        for first in range(0, TRACKS, AT_ONCE):
            await _come_and_go(alice, bob, range(first, first + AT_ONCE))
        await alice.show(90, "last")
        await bob.sees("alice", 90, "last")
        assert not [happened for happened in bob.happened if happened[0] in ("reconnecting", "disconnected")]


async def _come_and_go(alice: Person, bob: Person, numbers: range) -> None:
    names = [f"track{number}" for number in numbers]
    shown = await asyncio.gather(*(_publish(alice, name) for name in names))
    await until(lambda: {("alice", name) for name in names} <= set(bob.of("track_subscribed")), f"bob gets {names}")
    for publication in shown:
        await alice.room.local_participant.unpublish_track(publication.sid)
    await until(lambda: len(bob.of("track_unpublished")) >= numbers.stop, "bob is told of the end")


async def _publish(alice: Person, name: str) -> rtc.LocalTrackPublication:
    track = rtc.LocalVideoTrack.create_video_track(name, rtc.VideoSource(WIDTH, HEIGHT))
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
    return await alice.room.local_participant.publish_track(track, options)
