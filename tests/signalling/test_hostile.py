"""Hostile clients at the real web process and media workers: each loses its own socket, and nobody else notices."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.media_live.people import ticket
from tests.signalling.client import DUAL, SINGLE
from tests.stack import Stack
from visio import wire

pytestmark = pytest.mark.live
PARTS = ("web", "media-0", "media-1")
Frame = bytes | str
GROWTH_MAX_BYTES = 32 * 1024 * 1024


def _request(**message: object) -> bytes:
    return rtc.SignalRequest(**message).SerializeToString()  # type: ignore[arg-type]


ANSWER = _request(answer=rtc.SessionDescription(type="answer", sdp="v=0"))
BAD_OFFER = _request(offer=rtc.SessionDescription(type="offer", sdp="v=0\r\nm=nonsense"))
SYNC = _request(sync_state=rtc.SyncState())
LEAVE = _request(leave=rtc.LeaveRequest())
PING = _request(ping=1)
WRONG: dict[str, tuple[list[Frame], int]] = {
    "an answer to no offer": ([ANSWER], 1002),
    "the state of a resume, without a resume": ([SYNC], 1002),
    "an offer that is none": ([BAD_OFFER], 1007),
    "garbage": ([b"\xff" * 99], 1007),
    "half a message": ([PING + b"\x0a"], 1007),
    "garbage in a text frame": (["{]"], 1007),
    "text nested beyond reason": (["[" * 100_000], 1007),
    "a message of a wrong type in a text frame": (['{"offer": 1}'], 1007),
    "half a sign in a text frame": (['{"updateMetadata": {"name": "\\ud800"}}'], 1007),
    "a number beyond reason": (['{"ping": ' + "9" * 5_000 + "}"], 1007),
    "a frame larger than a message may be": ([bytes(wire.FRAME_MAX_BYTES + 1)], 1009),
    "a huge frame": ([bytes(3 * 1024 * 1024)], 1009),
    "a huge text frame": (["x" * 3 * 1024 * 1024], 1009),
    "a flood": ([PING] * 700, 1008),
}
HARMLESS: dict[str, list[Frame]] = {
    "nothing": [b""],
    "a message of tomorrow": [b"\xca\x3e\x01x"],
    "text without a message": ["{}"],
    "unknown fields in a text frame": ['{"tomorrow": {"a": 1}}'],
    "tracks that nobody knows": [
        _request(mute=rtc.MuteTrackRequest(sid="TR_x", muted=True)),
        _request(subscription=rtc.UpdateSubscription(track_sids=["TR_x"], subscribe=True)),
        _request(track_setting=rtc.UpdateTrackSettings(track_sids=["TR_x"])),
        _request(update_layers=rtc.UpdateVideoLayers(track_sid="TR_x")),
    ],
    "a track of no kind": [_request(add_track=rtc.AddTrackRequest(cid="x", type=99))],  # type: ignore[arg-type]
    "a candidate that is none": [_request(trickle=rtc.TrickleRequest(candidateInit="{", target=7))],  # type: ignore[arg-type]
    "other people's rights": [
        _request(subscription_permission=rtc.SubscriptionPermission(track_permissions=[rtc.TrackPermission()]))
    ],
    "a simulated breakdown": [_request(simulate=rtc.SimulateScenario(server_leave=True, node_failure=True))],
}


class Hostile:
    """A place full of hostile clients; it remembers every token that it gave."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.slug = "hos-tile-abc"
        self.tokens: list[str] = []

    async def join(self, *, single: bool) -> ClientConnection:
        """Give a socket that was let in; it has sent nothing yet."""
        _, token = await ticket(self.stack, self.slug, f"mallory-{secrets.token_hex(4)}")
        self.tokens.append(token)
        query = "&".join(f"{key}={value}" for key, value in (SINGLE if single else DUAL).items())
        path = "/rtc/v1" if single else "/rtc"
        socket = await connect(f"{self.stack.ws_url}{path}?access_token={token}&{query}", max_size=None)
        await _until(socket, lambda response: response.WhichOneof("message") == "join")
        return socket


@pytest_asyncio.fixture
async def hostile(stack: Stack) -> AsyncIterator[Hostile]:
    """Give the place; afterwards every process must be the one that it was, with no fault and no token in its log."""
    before = {part: (stack.pid(part), len(stack.log(part))) for part in PARTS}
    place = Hostile(stack)
    witness = await place.join(single=True)
    yield place
    await witness.send(PING)
    await _until(witness, lambda response: bool(response.pong))
    await witness.close()
    for part, (pid, logged) in before.items():
        assert (stack.pid(part), stack.is_running(part)) == (pid, True)
        log = stack.log(part)[logged:]
        assert "Traceback" not in log
        assert "access_token" not in log
        assert not [token for token in place.tokens if token in log or token.split(".")[2] in log]


def _resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _until(socket: ClientConnection, condition: Callable[[rtc.SignalResponse], bool]) -> None:
    """Take frames until one fulfils the condition."""
    while True:
        frame = await socket.recv()
        data = rtc.SignalResponse()
        if isinstance(frame, bytes):
            data.ParseFromString(frame)
        if condition(data):
            return


async def _send(socket: ClientConnection, frames: list[Frame]) -> None:
    for frame in frames:
        await socket.send(frame)


async def _close_code(socket: ClientConnection, frames: list[Frame]) -> int | None:
    try:
        await _send(socket, frames)
        while True:
            await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


@pytest.mark.parametrize("what", WRONG)
async def test_a_wrong_first_word_ends_the_socket(hostile: Hostile, what: str) -> None:
    frames, code = WRONG[what]
    socket = await hostile.join(single=True)
    assert await _close_code(socket, frames) == code


@pytest.mark.parametrize("what", HARMLESS)
@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
async def test_a_useless_word_changes_nothing(hostile: Hostile, what: str, single: bool) -> None:
    socket = await hostile.join(single=single)
    await _send(socket, [*HARMLESS[what], PING])
    await _until(socket, lambda response: bool(response.pong))
    await socket.close()


@pytest.mark.parametrize("frames", [[PING], [BAD_OFFER], [b"\xff" * 99], [LEAVE], [SYNC, ANSWER]])
async def test_nothing_counts_after_a_goodbye(hostile: Hostile, frames: list[Frame]) -> None:
    socket = await hostile.join(single=False)
    assert await _close_code(socket, [LEAVE, *frames]) in (1000, 1007, 4001)


async def test_who_does_not_read_is_dropped(hostile: Hostile) -> None:
    """Answers to it are not kept without end: each of these is as large as its question."""
    socket = await hostile.join(single=True)
    before = _resident_bytes(hostile.stack.pid("web"))
    logged = len(hostile.stack.log("web"))
    socket.transport.pause_reading()
    question = rtc.UpdateParticipantMetadata(metadata="x" * 200_000, request_id=1)
    async with asyncio.timeout(60):
        while "does not read" not in hostile.stack.log("web")[logged:]:
            with suppress(ConnectionClosed):
                await socket.send(_request(update_metadata=question))
            await asyncio.sleep(0.15)  # faster, it would send too much
    assert _resident_bytes(hostile.stack.pid("web")) - before < GROWTH_MAX_BYTES
