"""People in a room: the unmodified LiveKit SDK, sending a tone and a coloured picture, keeping what it receives."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from livekit import rtc
from livekit.rtc.room import EventTypes
from numpy.typing import NDArray

from tests.stack import Stack

RATE_HZ = 48_000
FRAME = 480
WIDTH, HEIGHT = 320, 180
PEAK = 12_000
LOUD = (4_000, 16_000)
"""Between these effective values a tone is as loud as it was sent."""
DEADLINE_S = 30.0
NOTED: tuple[EventTypes, ...] = (
    "participant_connected",
    "participant_disconnected",
    "track_unpublished",
    "track_muted",
    "track_unmuted",
    "data_received",
    "disconnected",
    "reconnecting",
    "reconnected",
    "active_speakers_changed",
    "participant_attributes_changed",
    "participant_permissions_changed",
)


async def until(condition: Callable[[], Any], what: str, seconds: float = DEADLINE_S) -> None:
    """Wait until `condition` holds. Raise `TimeoutError` that names `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        await asyncio.sleep(0.02)


async def ticket(stack: Stack, slug: str, identity: str, *options: str) -> tuple[str, str]:
    """Give the signalling address and a ticket for a room, which is made when there is none."""
    return await asyncio.to_thread(stack.ticket, slug, identity, *options)


class Received:
    """What arrived of one track: samples of sound, or the median red of each picture."""

    def __init__(self) -> None:
        self.sound: list[NDArray[np.float64]] = []
        self.reds: list[float] = []
        self.sizes: list[tuple[int, int]] = []

    def frames(self) -> int:
        """Count what arrived."""
        return len(self.sound) + len(self.reds)

    def pitch_hz(self, frames: int = 50) -> float:
        """Give the strongest frequency of the newest frames; 0 before the first, as of a track that came anew."""
        if not self.sound:
            return 0.0
        samples = np.concatenate(self.sound[-frames:])
        return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples))

    def loudness(self, frames: int = 50) -> float:
        """Give the effective value of the newest frames."""
        samples = np.concatenate(self.sound[-frames:])
        return float(np.sqrt((samples**2).mean()))


class Person:
    """One SDK client. `heard` and `seen` are keyed by (identity, track name)."""

    def __init__(
        self, name: str, *, single: bool, network: rtc.RtcConfiguration | None = None, key: bytes | None = None
    ) -> None:
        self.name = name
        self.encryption = rtc.E2EEOptions(rtc.KeyProviderOptions(shared_key=key)) if key else None
        self.network = network
        self.dynacast = False
        self.single = single
        self.room = rtc.Room()
        self.happened: list[tuple[str, Any]] = []
        self.received: dict[tuple[str, str], Received] = defaultdict(Received)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listen()

    # --- going in and out -------------------------------------------------------------------------------

    async def enter(self, stack: Stack, slug: str, *options: str, auto_subscribe: bool = True) -> None:
        """Join a room with a new ticket."""
        address, token = await ticket(stack, slug, self.name, "--name", self.name.title(), *options)
        await self.connect(address, token, auto_subscribe=auto_subscribe)

    async def connect(self, address: str, token: str, *, auto_subscribe: bool = True) -> None:
        """Join with a ticket."""
        options = rtc.RoomOptions(
            single_peer_connection=self.single,
            auto_subscribe=auto_subscribe,
            rtc_config=self.network,
            dynacast=self.dynacast,
            encryption=self.encryption,
        )
        await asyncio.wait_for(self.room.connect(address, token, options), DEADLINE_S)

    async def leave(self) -> None:
        """Stop sending and go."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.room.disconnect()

    # --- sending ----------------------------------------------------------------------------------------

    async def speak(
        self,
        hz: float,
        name: str = "mic",
        source: rtc.TrackSource.ValueType = rtc.TrackSource.SOURCE_MICROPHONE,
        *,
        peak: int = PEAK,
        bps: int | None = None,
    ) -> rtc.LocalTrackPublication:
        """Publish a tone."""
        sound = rtc.AudioSource(RATE_HZ, 1)
        self.do(tone(sound, hz, peak))
        track = rtc.LocalAudioTrack.create_audio_track(name, sound)
        options = rtc.TrackPublishOptions(source=source)
        if bps is not None:
            options.audio_encoding.max_bitrate = bps
        return await asyncio.wait_for(self.room.local_participant.publish_track(track, options), DEADLINE_S)

    async def show(
        self,
        red: int,
        name: str = "cam",
        source: rtc.TrackSource.ValueType = rtc.TrackSource.SOURCE_CAMERA,
        *,
        codec: rtc.VideoCodec.ValueType = rtc.VideoCodec.VP8,
    ) -> rtc.LocalTrackPublication:
        """Publish a picture of one red with a moving bar."""
        picture = rtc.VideoSource(WIDTH, HEIGHT)
        self.do(_picture(picture, red))
        track = rtc.LocalVideoTrack.create_video_track(name, picture)
        options = rtc.TrackPublishOptions(source=source, simulcast=False, video_codec=codec)
        return await asyncio.wait_for(self.room.local_participant.publish_track(track, options), DEADLINE_S)

    # --- what is seen -----------------------------------------------------------------------------------

    def others(self) -> set[str]:
        """Give the identities of the other participants, as this one knows them."""
        return set(self.room.remote_participants)

    def of(self, what: str) -> list[Any]:
        """Give what came with each event of this name."""
        return [value for name, value in self.happened if name == what]

    async def hears(self, who: str, hz: float, name: str = "mic", *, loud: tuple[float, float] = LOUD) -> None:
        """Wait until the tone of somebody arrives at its pitch and loudness."""
        key = (who, name)
        await self._gets(key, 60)
        await until(
            lambda: abs(self.received[key].pitch_hz() - hz) < 5 and loud[0] < self.received[key].loudness() < loud[1],
            f"{self.name} hears {who} at {hz} Hz, as loud as it was sent",
        )

    async def sees(self, who: str, red: int, name: str = "cam") -> None:
        """Wait until the picture of somebody arrives in its colour."""
        key = (who, name)
        await self._gets(key, 10)
        await until(lambda: abs(self.received[key].reds[-1] - red) < 12, f"{self.name} sees {who} in red {red}")

    async def _gets(self, key: tuple[str, str], count: int) -> None:
        """Wait for new frames of a track, or for the first ones of the track that took its place."""
        before = self.received[key]
        enough = before.frames() + count
        await until(
            lambda: self.received[key].frames() >= (enough if self.received[key] is before else count),
            f"{self.name} gets {key[1]} of {key[0]}",
        )

    def _listen(self) -> None:
        for name in NOTED:
            self.room.on(name, self._note(name))
        self.room.on("track_subscribed", self._subscribed)

    def _note(self, name: str) -> Callable[..., None]:
        def note(*values: Any) -> None:
            self.happened.append((name, values))

        return note

    def _subscribed(
        self, track: rtc.RemoteTrack, publication: rtc.RemoteTrackPublication, who: rtc.RemoteParticipant
    ) -> None:
        self.happened.append(("track_subscribed", (who.identity, publication.name)))
        received = self.received[who.identity, publication.name] = Received()
        self.do(_take_sound(track, received) if isinstance(track, rtc.RemoteAudioTrack) else _take(track, received))

    def do(self, work: Any) -> None:
        """Run something until this person leaves."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def gathering(stack: Stack, slug: str, *people: Person) -> AsyncIterator[None]:
    """Let people be in one room, and leave it at the end."""
    try:
        await asyncio.gather(*(person.enter(stack, slug) for person in people))
        yield
    finally:
        await asyncio.gather(*(person.leave() for person in people))


async def tone(sound: rtc.AudioSource, hz: float, peak: int) -> None:
    """Send a tone until cancelled."""
    sent = 0
    while True:
        wave = np.sin(2 * np.pi * hz * (np.arange(FRAME) + sent) / RATE_HZ) * peak
        sent += FRAME
        await sound.capture_frame(rtc.AudioFrame(wave.astype(np.int16).tobytes(), RATE_HZ, 1, FRAME))


async def _picture(picture: rtc.VideoSource, red: int) -> None:
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[..., 0], pixels[..., 3] = red, 255
    position = 0
    while True:
        pixels[..., 1] = 0
        pixels[:, position : position + 20, 1] = 255
        position = (position + 4) % (WIDTH - 20)
        picture.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, pixels.tobytes()))
        await asyncio.sleep(1 / 15)


async def _take_sound(track: rtc.RemoteTrack, received: Received) -> None:
    async for event in rtc.AudioStream(track):
        received.sound.append(np.frombuffer(event.frame.data, np.int16).astype(np.float64))


async def _take(track: rtc.RemoteTrack, received: Received) -> None:
    async for event in rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA):
        frame = event.frame
        pixels = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.width, 4)
        received.reds.append(float(np.median(pixels[::8, ::8, 0])))
        received.sizes.append((frame.width, frame.height))
