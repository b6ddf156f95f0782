"""Pictures in every payload format that is advertised, between clients of both connection modes."""

from __future__ import annotations

import pytest
from livekit import rtc

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering
from tests.stack import Stack

pytestmark = pytest.mark.live


@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
@pytest.mark.parametrize("codec", ["H264", "VP9", "AV1"])
async def test_a_picture_arrives_in_the_format_it_was_published_in(
    stack: Stack, slug: str, codec: str, single: bool
) -> None:
    alice, bob, carol = Person("alice", single=single), Person("bob", single=True), Person("carol", single=False)
    async with gathering(stack, slug, alice, bob, carol), Headquarters(stack) as headquarters:
        await alice.show(180, codec=rtc.VideoCodec.Value(codec))
        for other in (bob, carol):
            await other.sees("alice", 180)
            (publication,) = other.room.remote_participants["alice"].track_publications.values()
            assert publication.mime_type == f"video/{codec}"
        _, _, described = await headquarters.find("alice")
        assert [track["media"]["codec"] for track in described["tracks"]] == [f"video/{codec}"]
