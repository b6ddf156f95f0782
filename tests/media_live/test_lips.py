"""A voice and its lips, from one SDK client to another: claps that flash and beep arrive together."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import numpy as np
import pytest
from livekit import rtc

from tests.media_live.people import FRAME, HEIGHT, PEAK, RATE_HZ, WIDTH, Person, gathering, until
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.alone]

CLAPS = 6
PERIOD_S, CLAP_S = 1.0, 0.3
SKEW_S = 0.185
"""More than that people do not accept (ITU-R BT.1359)."""
FRAME_S = FRAME / RATE_HZ


class Clapper:
    """Shows black and is silent but for claps; both come from one loop, so that they begin together."""

    def __init__(self) -> None:
        self.sound = rtc.AudioSource(RATE_HZ, 1, queue_size_ms=100)
        self.picture = rtc.VideoSource(WIDTH, HEIGHT)

    async def clap(self) -> None:
        """Send sound in real time, and a picture with every third frame of it."""
        tone = (np.sin(2 * np.pi * 1000 * np.arange(FRAME) / RATE_HZ) * PEAK).astype(np.int16).tobytes()
        begun = time.monotonic()
        sent = 0
        while True:
            claps = sent * FRAME_S % PERIOD_S > PERIOD_S - CLAP_S
            if sent % 3 == 0:
                pixels = np.full((HEIGHT, WIDTH, 4), 255 if claps else 0, np.uint8)
                pixels[:8, (sent * 4) % WIDTH :, 1] = 128
                self.picture.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, pixels.tobytes()))
            samples = tone if claps else bytes(2 * FRAME)
            await self.sound.capture_frame(rtc.AudioFrame(samples, RATE_HZ, 1, FRAME))
            sent += 1
            await asyncio.sleep(max(0.0, begun + sent * FRAME_S - time.monotonic()))


class Witness:
    """Notes when flashes and beeps begin."""

    def __init__(self) -> None:
        self.flashes: list[float] = []
        self.beeps: list[float] = []

    async def look(self, track: rtc.RemoteTrack) -> None:
        """Watch a picture."""
        lit = True
        async for event in rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA):
            before, lit = lit, event.frame.data[len(event.frame.data) // 2] > 128
            if lit and not before:
                self.flashes.append(time.monotonic())

    async def listen(self, track: rtc.RemoteTrack) -> None:
        """Listen to a sound."""
        loud = True
        async for event in rtc.AudioStream(track):
            before, loud = loud, int(np.abs(np.frombuffer(event.frame.data, np.int16)).max(initial=0)) > PEAK // 4
            if loud and not before:
                self.beeps.append(time.monotonic())

    def skew_s(self) -> float:
        """Give by how much flashes come after their beeps; the first ones are those of a call that has just begun."""
        pairs = [(flash, min(self.beeps, key=lambda beep: abs(beep - flash))) for flash in self.flashes[2:]]
        return median(flash - beep for flash, beep in pairs)


@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
async def test_claps_arrive_together(stack: Stack, slug: str, single: bool) -> None:
    alice, bob = Person("alice", single=single), Person("bob", single=single)
    clapper, witness = Clapper(), Witness()

    def subscribed(track: rtc.RemoteTrack, *_: object) -> None:
        bob.do(witness.listen(track) if track.kind == rtc.TrackKind.KIND_AUDIO else witness.look(track))

    async with gathering(stack, slug, alice, bob):
        bob.room.on("track_subscribed", subscribed)
        local = alice.room.local_participant
        picture = rtc.LocalVideoTrack.create_video_track("cam", clapper.picture)
        sound = rtc.LocalAudioTrack.create_audio_track("mic", clapper.sound)
        camera = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False)
        await local.publish_track(picture, camera)
        await local.publish_track(sound, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False))
        alice.do(clapper.clap())
        await until(lambda: min(len(witness.flashes), len(witness.beeps)) >= CLAPS, "claps")
        assert abs(witness.skew_s()) < SKEW_S
