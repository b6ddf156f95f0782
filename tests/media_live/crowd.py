"""Nine people who send a picture in two layers that are watched, one of them speaking: real encoders, drawn cheaply."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from livekit import rtc

from tests.media_live.people import DEADLINE_S, Person
from tests.stack import Stack

COUNT = 9
WIDTH, HEIGHT = 960, 540  # smaller pictures get two layers of one size from the SDK
FPS = 8
PICTURES = 20
BEST_BPS = 400_000
SPEECH_BPS = 24_000


def scenes() -> list[bytes]:
    """Draw pictures (I420) with enough change in them that the encoder needs the rate that it may use."""
    random = np.random.default_rng(7)
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    waves = [random.uniform(0.02, 0.12, 2) for _ in range(6)]
    grey = sum(np.sin(a * across + b * down) for a, b in waves) * 15 + 128 + random.normal(0, 4, (HEIGHT, WIDTH))
    grey = grey.clip(0, 255).astype(np.uint8)
    colour = bytes([128]) * ((WIDTH // 2) * (HEIGHT // 2) * 2)
    return [np.roll(grey, 5 * number, axis=1).tobytes() + colour for number in range(PICTURES)]


async def _film(source: rtc.VideoSource, pictures: list[bytes]) -> None:
    number = 0
    while True:
        frame = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, pictures[number % len(pictures)])
        source.capture_frame(frame)
        number += 1
        await asyncio.sleep(1 / FPS)


async def _send(person: Person, pictures: list[bytes]) -> None:
    source = rtc.VideoSource(WIDTH, HEIGHT)
    person.do(_film(source, pictures))
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        simulcast=True,
        video_codec=rtc.VideoCodec.VP8,
        degradation_preference=rtc.DegradationPreference.MAINTAIN_RESOLUTION,  # type: ignore[arg-type]
        video_encoding=rtc.VideoEncoding(max_bitrate=BEST_BPS, max_framerate=FPS),
    )
    track = rtc.LocalVideoTrack.create_video_track("cam", source)
    await asyncio.wait_for(person.room.local_participant.publish_track(track, options), DEADLINE_S)


@asynccontextmanager
async def crowd(stack: Stack, slug: str, count: int = COUNT) -> AsyncIterator[list[Person]]:
    """Let nine people, or as many as are wanted, be in a room, who do not look at each other."""
    people = [Person(f"near{number}", single=number % 2 == 0) for number in range(count)]
    pictures = scenes()
    try:
        for person in people:
            person.dynacast = True
            await person.enter(stack, slug, auto_subscribe=False)
        await people[0].speak(440, bps=SPEECH_BPS)
        for person in people:
            await _send(person, pictures)
        yield people
    finally:
        await asyncio.gather(*(person.leave() for person in people))
