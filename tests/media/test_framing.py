"""Packets on a stream."""

from __future__ import annotations

import pytest

from visio.media.framing import FRAME_MAX_BYTES, Deframer, FramingError, frame


def test_it_works() -> None:
    """Two packets in one piece come out as two."""
    assert Deframer().feed(frame(b"one") + frame(b"two")) == [b"one", b"two"]


def test_byte_by_byte() -> None:
    """A packet comes out with its last byte."""
    deframer = Deframer()
    pieces = [deframer.feed(bytes([byte])) for byte in frame(b"abc") + frame(b"d")]
    assert [packet for piece in pieces for packet in piece] == [b"abc", b"d"]
    assert pieces[-1] == [b"d"]


@pytest.mark.parametrize("size", [0, FRAME_MAX_BYTES + 1, 65535])
def test_an_impossible_length_is_refused(size: int) -> None:
    """No packet is empty or longer than a datagram of WebRTC."""
    with pytest.raises(FramingError):
        Deframer().feed(size.to_bytes(2, "big"))


def test_the_longest_packet() -> None:
    """The limit itself is allowed."""
    assert Deframer().feed(frame(bytes(FRAME_MAX_BYTES))) == [bytes(FRAME_MAX_BYTES)]
