"""Somebody behind a link: an unmodified SDK client in a process of its own, telling what it receives.

`python -m tests.media_live.far ADDRESS TICKET single|dual [HZ]` prints one JSON object each half second. With HZ it
sends a tone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from livekit import rtc

from tests.media_live.link import Link
from tests.media_live.people import DEADLINE_S, PEAK, RATE_HZ, ticket, tone
from tests.stack import ROOT, Stack

EVERY_S = 0.5
FIGURES = (
    "frames_decoded",
    "frame_width",
    "freeze_count",
    "total_freeze_duration",
    "pli_count",
    "nack_count",
    "total_samples_received",
    "concealed_samples",
    "silent_concealed_samples",
    "total_audio_energy",
)


class Told:
    """What a client has told of what it receives: `told` holds (moment, figures by track)."""

    def __init__(self) -> None:
        self.told: list[tuple[float, dict[str, dict[str, Any]]]] = []

    def take(self, at: float, tracks: dict[str, dict[str, Any]]) -> None:
        """Take figures; those from before there is any sound do not count."""
        if any(track["kind"] == "audio" for track in tracks.values()):
            self.told.append((at, tracks))

    def at(self, moment: float) -> dict[str, dict[str, Any]]:
        """Return the figures nearest to a moment."""
        return min(self.told, key=lambda one: abs(one[0] - moment))[1]

    def lost_sound(self, since: float, until: float) -> float:
        """Return the share of the speaker's sound between two moments that had to be made up."""
        before, after = _sound(self.at(since)), _sound(self.at(until))
        return (after[1] - before[1]) / max(1, after[0] - before[0])

    async def listen(self, process: asyncio.subprocess.Process) -> None:
        """Take what a process tells until it ends."""
        assert process.stdout is not None
        async for line in process.stdout:
            said = json.loads(line)
            self.take(said["at"], said["tracks"])

    async def look(self, room: rtc.Room) -> None:
        """Take what a client of this process receives until cancelled."""
        while True:
            self.take(time.monotonic(), await _figures(room))
            await asyncio.sleep(EVERY_S)


def _sound(tracks: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Return the samples, and those made up, of the loudest track; silence is no loss."""
    one = max((t for t in tracks.values() if t["kind"] == "audio"), key=lambda t: t["total_audio_energy"])
    return one["total_samples_received"], one["concealed_samples"] - one["silent_concealed_samples"]


@asynccontextmanager
async def far_away(stack: Stack, slug: str, link: Link, *, single: bool, hz: int = 0) -> AsyncIterator[Told]:
    """Let somebody be in a room from the far end of a link, and send a tone if one is given."""
    address, token = await ticket(stack, slug, "far", "--name", "Far")
    command = [sys.executable, "-m", "tests.media_live.far", address, token, "single" if single else "dual"]
    command += [str(hz)] if hz else []
    process = await asyncio.create_subprocess_exec(*link.inside, *command, cwd=ROOT, stdout=subprocess.PIPE)
    far = Told()
    listening = asyncio.create_task(far.listen(process))
    try:
        yield far
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listening


async def _be_there(address: str, token: str, *, single: bool, hz: float) -> None:
    room = rtc.Room()
    playing: set[asyncio.Task[None]] = set()

    def subscribed(track: rtc.Track, publication: rtc.RemoteTrackPublication, _: rtc.RemoteParticipant) -> None:
        if isinstance(track, rtc.RemoteAudioTrack):
            playing.add(asyncio.create_task(_play(track)))
        else:
            publication.set_video_quality(rtc.VideoQuality.Value("VIDEO_QUALITY_MEDIUM"))  # as for small tiles

    room.on("track_subscribed", subscribed)
    options = rtc.RoomOptions(single_peer_connection=single)
    await asyncio.wait_for(room.connect(address, token, options), DEADLINE_S)
    if hz:
        playing.add(asyncio.create_task(_speak(room, hz)))
    while True:
        print(json.dumps({"at": time.monotonic(), "tracks": await _figures(room)}), flush=True)
        await asyncio.sleep(EVERY_S)


async def _speak(room: rtc.Room, hz: float) -> None:
    sound = rtc.AudioSource(RATE_HZ, 1)
    track = rtc.LocalAudioTrack.create_audio_track("mic", sound)
    await room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
    await tone(sound, hz, PEAK)


async def _play(track: rtc.Track) -> None:
    async for _ in rtc.AudioStream(track):
        pass


async def _figures(room: rtc.Room) -> dict[str, dict[str, Any]]:
    stats = await room.get_rtc_stats()
    reports = [*stats.subscriber_stats, *stats.publisher_stats]
    found = [one.inbound_rtp for one in reports if one.WhichOneof("stats") == "inbound_rtp"]
    return {
        f"{one.stream.ssrc}": {
            "kind": one.stream.kind,
            "lost": one.received.packets_lost,
            "packets": one.received.packets_received,
            **{name: getattr(one.inbound, name) for name in FIGURES},
        }
        for one in found
    }


if __name__ == "__main__":
    asyncio.run(_be_there(sys.argv[1], sys.argv[2], single=sys.argv[3] == "single", hz=float(*sys.argv[4:])))
