"""Frame encryption: the server passes on what it cannot read, and only who has the key hears, sees and reads."""

from __future__ import annotations

import asyncio

import pytest
from livekit import rtc

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack

pytestmark = pytest.mark.live
KEY, WRONG = b"the key of those invited" * 2, b"another key altogether" * 2
SECRET_RED = 180


@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
@pytest.mark.parametrize("codec", ["VP8", "H264", "VP9"])
async def test_pictures_and_sound_reach_those_with_the_key(stack: Stack, slug: str, codec: str, single: bool) -> None:
    """In every format; the encryption is told with the track."""
    alice, bob = Person("alice", single=single, key=KEY), Person("bob", single=not single, key=KEY)
    async with gathering(stack, slug, alice, bob):
        await alice.speak(440)
        await alice.show(SECRET_RED, codec=rtc.VideoCodec.Value(codec))
        await bob.hears("alice", 440)
        await bob.sees("alice", SECRET_RED)
        tracks = bob.room.remote_participants["alice"].track_publications.values()
        assert {track.encryption_type for track in tracks} == {rtc.EncryptionType.GCM}
        assert {track.mime_type for track in tracks} == {"audio/opus", f"video/{codec}"}


@pytest.mark.parametrize("key", [WRONG, None], ids=["wrong", "none"])
async def test_who_has_no_key_gets_packets_and_nothing_else(stack: Stack, slug: str, key: bytes | None) -> None:
    alice, bob = Person("alice", single=True, key=KEY), Person("bob", single=False, key=KEY)
    eve = Person("eve", single=True, key=key)
    async with gathering(stack, slug, alice, bob, eve), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await alice.show(SECRET_RED)
        await bob.hears("alice", 440)
        await bob.sees("alice", SECRET_RED)
        before = await _sent(headquarters, "eve")
        await until_sent(headquarters, "eve", before + 100)
        sound, picture = eve.received["alice", "mic"], eve.received["alice", "cam"]
        assert not any(abs(red - SECRET_RED) < 30 for red in picture.reds)
        assert len(sound.sound) < 60 or abs(sound.pitch_hz() - 440) > 5 or sound.loudness() < 100


async def test_data_passes_encrypted(stack: Stack, slug: str) -> None:
    """Packets arrive readable at those with the key, with their true sender."""
    keys = {"alice": KEY, "bob": KEY, "eve": WRONG}
    alice, bob, eve = (Person(who, single=who != "bob", key=key) for who, key in keys.items())
    async with gathering(stack, slug, alice, bob, eve):
        await alice.room.local_participant.publish_data("for those invited", topic="plan")
        await until(lambda: bob.of("data_received"), "bob has the packet")
        ((packet,),) = bob.of("data_received")
        assert (packet.data, packet.participant.identity) == (b"for those invited", "alice")
        await bob.room.local_participant.publish_data("end", topic="plan")
        await until(lambda: alice.of("data_received"), "alice has the answer")
        assert not any(b"invited" in packet.data for (packet,) in eve.of("data_received"))


async def _sent(headquarters: Headquarters, identity: str) -> int:
    """Give how many packets the worker has sent to somebody."""
    _, _, described = await headquarters.find(identity)
    downs = [item["media"] for item in described["subscriptions"] if item["media"]]
    return sum(int(down["packets"]) for down in downs)


async def until_sent(headquarters: Headquarters, identity: str, count: int) -> None:
    """Wait until the worker has sent so many packets to somebody."""
    async with asyncio.timeout(30):
        while await _sent(headquarters, identity) < count:  # noqa: ASYNC110  (another process tells no event)
            await asyncio.sleep(0.1)
