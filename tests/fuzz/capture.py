"""Recording of the fuzzing corpus: `python -m tests.fuzz.capture` runs unmodified SDK clients against a media worker.

The worker runs in this process, so that plain packets can be kept; web and Valkey run beside it as always.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from unittest.mock import patch

from livekit import rtc
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from tests.fuzz import CORPUS
from tests.fuzz.recorder import Recorder
from tests.media_live.people import Person, until
from tests.stack import Stack
from visio.media import config
from visio.media.worker import Worker
from visio.rooms import slugs

TOKEN = re.compile(rb"(access_token=)[^&]+")
LISTEN_S = 4
MEETING_S = 30
CODECS = {
    "vp8": rtc.VideoCodec.VP8,
    "vp9": rtc.VideoCodec.VP9,
    "h264": rtc.VideoCodec.H264,
    "av1": rtc.VideoCodec.AV1,
}


@asynccontextmanager
async def _worker(stack: Stack, index: int, *, tcp: bool = False) -> AsyncIterator[Worker]:
    """Run a media worker here; with `tcp` it announces no UDP address."""
    with patch.dict(os.environ, stack.env):
        worker = Worker(config.read(index), index)
    await worker.start()
    if tcp:
        worker._mux.candidates = tuple(line for line in worker._mux.candidates if " tcp " in line.lower())
    try:
        yield worker
    finally:
        await asyncio.wait([asyncio.create_task(worker.stop())], timeout=LISTEN_S)


async def _meet(stack: Stack, *, single: bool, codec: str = "vp8") -> None:
    """Let two people talk, see each other, write, mute, change and leave."""
    print(f"{codec}, {'one connection' if single else 'two connections'}", flush=True)
    alice, bob = Person("alice", single=single), Person("bob", single=not single)
    slug = slugs.generate()
    try:
        async with asyncio.timeout(MEETING_S):
            await asyncio.gather(alice.enter(stack, slug), bob.enter(stack, slug))
            await _talk(alice, bob, codec)
    except TimeoutError:
        print("ended early", flush=True)
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(alice.leave(), bob.leave()), LISTEN_S)


async def _talk(alice: Person, bob: Person, codec: str) -> None:
    spoken = await alice.speak(440)
    with patch.object(rtc, "TrackPublishOptions", _with_codec(codec)):
        await alice.show(200)
        await bob.show(90)
    with suppress(TimeoutError):
        await until(lambda: bob.received["alice", "cam"].frames() > 20, "pictures", LISTEN_S)
    await _write(alice)
    if isinstance(spoken.track, rtc.LocalAudioTrack):
        spoken.track.mute()
    await alice.room.local_participant.set_metadata("notes")
    await asyncio.sleep(LISTEN_S)
    await alice.room.local_participant.unpublish_track(spoken.sid)


def _with_codec(codec: str) -> object:
    def options(**values: object) -> rtc.TrackPublishOptions:
        return TRUE_OPTIONS(**{**values, "video_codec": CODECS[codec], "simulcast": codec == "vp8"})  # type: ignore[arg-type]

    return options


TRUE_OPTIONS = rtc.TrackPublishOptions


async def _write(who: Person) -> None:
    me = who.room.local_participant
    await me.publish_data("hello", topic="chat")
    await me.publish_data(b"quick", reliable=False)
    await me.publish_data("for bob", destination_identities=["bob"])
    await me.send_text("égalité " * 100, topic="notes")
    with suppress(Exception):
        await me.perform_rpc(destination_identity="bob", method="greet", payload="hello", response_timeout=1)


async def _queries(recorder: Recorder) -> None:
    """Record what the SDK asks for in its address, on both paths."""

    def keep(_connection: ServerConnection, request: Request) -> Response:
        query = request.path.partition("?")[2].encode()
        recorder.add("join", TOKEN.sub(rb"\1token", query), request.path.partition("?")[0])
        return _connection.respond(401, "no")

    async def nobody(_connection: ServerConnection) -> None:
        return

    async with serve(nobody, "127.0.0.1", 0, process_request=keep) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        for single in (False, True):
            with suppress(rtc.ConnectError):
                await Person("alice", single=single).connect(f"ws://127.0.0.1:{port}", "token")


async def _record(stack: Stack) -> None:
    with Recorder() as recorder:
        await _queries(recorder)
        async with _worker(stack, 0):
            for single in (False, True):
                await _meet(stack, single=single)
        async with _worker(stack, 1, tcp=True):
            await _meet(stack, single=True)
        async with _worker(stack, 2):
            for codec in ("vp9", "h264", "av1"):
                await _meet(stack, single=True, codec=codec)
        for target, count in sorted(recorder.save(CORPUS).items()):
            print(f"{target:<22}{count:>4}", flush=True)


def main() -> None:
    """Record and write the corpus."""
    with Stack(media=0) as stack:
        stack.env.update(MEDIA_UDP_PORT=str(stack.port + 2), MEDIA_TCP_PORT=str(stack.port + 3))
        asyncio.run(_record(stack))


if __name__ == "__main__":
    main()
