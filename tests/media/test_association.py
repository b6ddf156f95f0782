"""SCTP associations of peers that send chunks in any order: nothing is lost, and nothing costs more the more waits."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from struct import pack
from types import SimpleNamespace
from typing import Any

import pytest
from aiortc.rtcsctptransport import ForwardTsnChunk, serialize_packet
from google_crc32c import value as crc32c

from visio.media import sctp_guard
from visio.media.aiortc_private import HELD_MAX, RECEIVE_WINDOW_CHUNKS, Channels

FIRST, LAST, UNORDERED = 2, 1, 4
WHOLE = FIRST | LAST
LINES_PER_CHUNK = 400
"""Of Python; aiortc alone goes through several for each chunk that waits."""


class Wire:
    """A DTLS connection of which only what is sent is kept."""

    state, _role = "connected", "server"

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def _send_data(self, data: bytes) -> None:
        self.sent.append(data)

    def _register_data_receiver(self, _receiver: object) -> None:
        """Do nothing."""


class Peer:
    """Sends made-up chunks; a `ChannelListener` that hears of the end."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.got: list[tuple[int, bytes]] = []
        self.wire = Wire()
        channels = Channels(SimpleNamespace(transport=self.wire), self, sctp_guard.acceptable)  # type: ignore[arg-type]
        self.bridge, self.sctp = channels._bridge, channels._sctp
        self.bridge._register_data_receiver(self.sctp)
        self.sctp._last_received_tsn, self.sctp._remote_port = 0, 5000
        self.sctp._receive = self._receive  # type: ignore[assignment, method-assign]

    async def _receive(self, stream: int, _protocol: int, data: bytes) -> None:
        self.got.append((stream, data))

    def on_channel(self, label: str) -> None:
        """Do nothing."""

    def on_message(self, label: str, data: bytes) -> None:
        """Do nothing."""

    def on_channels_lost(self, reason: str) -> None:
        """Note the end."""
        self.lost.append(reason)

    async def send(self, *chunks: bytes) -> None:
        """Send chunks in one packet."""
        head = pack("!HHL", 5000, 5000, self.sctp._local_verification_tag)
        body = b"".join(chunks)
        packet = head + pack("<L", crc32c(head + bytes(4) + body)) + body
        await self.bridge._handle_data(packet)

    async def send_all(self, chunks: Iterable[bytes], each: int = 50) -> None:
        """Send many chunks in as few packets as fit."""
        waiting = list(chunks)
        for start in range(0, len(waiting), each):
            await self.send(*waiting[start : start + each])


def chunk(tsn: int, flags: int = WHOLE | UNORDERED, *, data: bytes = b"abcd", stream: int = 0, order: int = 0) -> bytes:
    return pack("!BBHLHHL", 0, flags, 16 + len(data), tsn % 2**32, stream, order, 53) + data + bytes(-len(data) % 4)


def forward(sctp: Any, tsn: int, streams: list[tuple[int, int]]) -> bytes:
    skip = ForwardTsnChunk()
    skip.cumulative_tsn, skip.streams = tsn, streams
    return serialize_packet(5000, 5000, sctp._local_verification_tag, skip)[12:]


def lines_of(work: Any) -> int:
    """Count the lines of Python that a coroutine runs through which never waits."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work.send(None)
    except StopIteration:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("flags", [0, UNORDERED])
async def test_messages_in_any_order_arrive_once(flags: int) -> None:
    """Messages of several chunks, of two streams, shuffled within the window and each chunk twice; numbers wrap."""
    peer, shuffled = Peer(), random.Random(7)  # noqa: S311
    peer.sctp._last_received_tsn = start = 2**32 - 40
    chunks = []
    for number in range(100):
        stream, order = number % 2, number // 2
        for part, mark in enumerate((FIRST, 0, LAST)):
            data = b"%d.%d" % (number, part)
            chunks.append(chunk(start + 1 + 3 * number + part, mark | flags, data=data, stream=stream, order=order))
    twice = chunks * 2
    shuffled.shuffle(twice)
    await peer.send_all(twice, each=7)
    expected = [(n % 2, b"%d.0%d.1%d.2" % (n, n, n)) for n in range(100)]
    if flags:
        assert sorted(peer.got) == sorted(expected)
    else:
        assert [one for one in peer.got if one[0]] == [one for one in expected if one[0]]
        assert [one for one in peer.got if not one[0]] == [one for one in expected if not one[0]]
    assert (peer.lost, peer.sctp.held, peer.sctp._advertised_rwnd) == ([], 0, 1024 * 1024)


async def test_what_is_too_far_ahead_is_as_good_as_lost() -> None:
    """A peer that has lost one chunk sends what came too early once more; nothing breaks."""
    peer = Peer()
    await peer.send_all(chunk(tsn, data=b"%d" % tsn) for tsn in range(2, 5000))
    assert len(peer.sctp._sack_misordered) == RECEIVE_WINDOW_CHUNKS - 1
    await peer.send_all(chunk(tsn, data=b"%d" % tsn) for tsn in range(1, 5000))
    assert sorted(int(data) for _, data in peer.got) == list(range(1, 5000))
    assert (peer.lost, peer.sctp._sack_misordered) == ([], set())


async def test_a_gap_makes_chunks_no_dearer() -> None:
    """A thousand chunks wait behind the gap."""
    peer = Peer()
    await peer.send_all(chunk(tsn) for tsn in range(3, RECEIVE_WINDOW_CHUNKS - 50))
    more = [chunk(tsn) for tsn in range(RECEIVE_WINDOW_CHUNKS - 50, RECEIVE_WINDOW_CHUNKS)]
    assert lines_of(peer.send(*more)) < LINES_PER_CHUNK * len(more)
    assert len(peer.got) == RECEIVE_WINDOW_CHUNKS - 3


@pytest.mark.parametrize("flags", [UNORDERED, 0, FIRST, UNORDERED | FIRST])
async def test_messages_that_never_end_make_chunks_no_dearer(flags: int) -> None:
    """Nothing is missing, but no message is whole; then single ones come in between."""
    peer = Peer()
    await peer.send_all(chunk(tsn, flags, order=1) for tsn in range(1, 1500))
    more = [chunk(tsn, WHOLE | UNORDERED if tsn % 2 else flags, order=1) for tsn in range(1500, 1550)]
    assert lines_of(peer.send(*more)) < LINES_PER_CHUNK * len(more)
    assert not peer.lost


async def test_what_waits_is_limited() -> None:
    """A peer whose messages never end loses the association."""
    peer = Peer()
    await peer.send_all(chunk(tsn, UNORDERED) for tsn in range(1, HELD_MAX))
    assert not peer.lost
    await peer.send_all(chunk(tsn, UNORDERED) for tsn in range(HELD_MAX, HELD_MAX + 10))
    assert peer.lost == ["the peer asked for too much memory"]


async def test_what_the_peer_gives_up_is_skipped() -> None:
    """Ordered messages behind the one that is missing arrive."""
    peer = Peer()
    await peer.send(*(chunk(tsn, WHOLE, data=b"%d" % tsn, order=tsn - 1) for tsn in (1, 3, 4)))
    await peer.send(forward(peer.sctp, 2, [(0, 1)]))
    assert [data for _, data in peer.got] == [b"1", b"3", b"4"]
    assert peer.sctp._last_received_tsn == 4


async def test_an_ordered_message_behind_an_unfinished_one_without_order() -> None:
    """A channel may become unordered once it is open, while ordered messages wait."""
    peer = Peer()
    waiting = [chunk(2, UNORDERED | FIRST, data=b"u"), chunk(3, WHOLE, data=b"two", order=1)]
    await peer.send(*waiting, chunk(1, WHOLE, data=b"one", order=0))
    assert [data for _, data in peer.got] == [b"one", b"two"]
