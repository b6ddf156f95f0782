"""A participant in a process of its own with LiveKit's SDK for Python, whichever version is on its path.

Reads orders as lines of JSON and answers each with one; imports nothing of this project.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import numpy as np
from livekit import rtc
from numpy.typing import NDArray

RATE_HZ = 48_000
FRAME = 480
WIDTH, HEIGHT = 640, 360
SOURCES = {1: "camera", 2: "microphone", 3: "screen_share"}


class Participant:
    """One connection; each public method is an order."""

    def __init__(self) -> None:
        self._room = rtc.Room()
        self._texts: list[str] = []
        self._heard: dict[str, dict[str, float]] = {}
        self._seen: dict[str, dict[str, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room.on("track_subscribed", self._take)
        self._room.on("data_received", lambda packet: self._texts.append(packet.data.decode()))

    async def join(self, address: str, ticket: str, single: bool | None) -> None:
        """Connect; `single` is None where the version knows one mode only."""
        mode: dict[str, Any] = {} if single is None else {"single_peer_connection": single}
        await self._room.connect(address, ticket, rtc.RoomOptions(**mode))

    async def publish(self) -> None:
        """Send a tone and a picture."""
        sound, picture = rtc.AudioSource(RATE_HZ, 1), rtc.VideoSource(WIDTH, HEIGHT)
        self._do(_tone(sound))
        self._do(_picture(picture))
        self._voice = rtc.LocalAudioTrack.create_audio_track("mic", sound)
        await self._publish(self._voice, rtc.TrackSource.SOURCE_MICROPHONE)
        camera = rtc.LocalVideoTrack.create_video_track("cam", picture)
        await self._publish(camera, rtc.TrackSource.SOURCE_CAMERA)

    async def _publish(self, track: rtc.LocalTrack, source: rtc.TrackSource.ValueType) -> None:
        await self._room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=source))

    async def mute(self, on: bool) -> None:
        """Mute or unmute the tone."""
        (self._voice.mute if on else self._voice.unmute)()

    async def send(self, text: str) -> None:
        """Send a reliable message to everybody."""
        await self._room.local_participant.publish_data(text, reliable=True)

    async def look(self) -> dict[str, Any]:
        """Tell what is heard, seen and known."""
        people = self._room.remote_participants.values()
        tracks = [(who, track) for who in people for track in who.track_publications.values()]
        return {
            "sid": self._room.local_participant.sid,
            "texts": self._texts,
            "muted": [_key(track, who) for who, track in tracks if track.muted],
            "heard": self._heard,
            "seen": self._seen,
        }

    async def leave(self) -> None:
        """Stop."""
        for task in list(self._tasks):
            task.cancel()
        await self._room.disconnect()

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _take(self, track: Any, publication: rtc.RemoteTrackPublication, who: rtc.RemoteParticipant) -> None:
        key = _key(publication, who)
        self._do(self._listen(track, key) if isinstance(track, rtc.RemoteAudioTrack) else self._watch(track, key))

    async def _listen(self, track: rtc.Track, key: str) -> None:
        newest: NDArray[np.int16] = np.zeros(0, np.int16)
        async for event in rtc.AudioStream(track):
            newest = np.concatenate([newest, np.frombuffer(event.frame.data, np.int16)])[-RATE_HZ // 5 :]
            spectrum = np.abs(np.fft.rfft(newest))
            hz = float(np.argmax(spectrum) * RATE_HZ / len(newest))
            self._heard[key] = {"level": float(np.abs(newest).max() / 32_768), "hz": hz}

    async def _watch(self, track: rtc.Track, key: str) -> None:
        frames = 0
        async for event in rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA):
            frames += 1
            red = int(np.median(np.frombuffer(event.frame.data, np.uint8)[::256]))
            self._seen[key] = {"red": red, "width": event.frame.width, "frames": frames}


def _key(publication: Any, who: rtc.RemoteParticipant) -> str:
    return f"{who.identity}/{SOURCES[publication.source]}"


async def _tone(sound: rtc.AudioSource) -> None:
    sent = 0
    while True:
        wave = np.sin(2 * np.pi * 880 * (np.arange(FRAME) + sent) / RATE_HZ) * 12_000
        sent += FRAME
        await sound.capture_frame(rtc.AudioFrame(wave.astype(np.int16).tobytes(), RATE_HZ, 1, FRAME))


async def _picture(picture: rtc.VideoSource) -> None:
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[..., 0], pixels[..., 3] = 60, 255
    while True:
        pixels = np.roll(pixels, 8, axis=1)
        pixels[:, ::80, 1] = 255
        picture.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, pixels.tobytes()))
        await asyncio.sleep(1 / 15)


async def main() -> None:
    """Obey until the orders end."""
    participant = Participant()
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        try:
            answer = {"result": await getattr(participant, order.pop("do"))(**order)}
        except Exception as error:  # noqa: BLE001  (the other side reports it)
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
