"""Where a subscriber can start in an H.264 stream."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from visio.media.h264 import H264
from visio.media.rtp import Packet

SPS, PPS, IDR, SLICE = b"\x67ab", b"\x68a", b"\x65abc", b"\x41abc"


def inspected(payload: bytes) -> Packet:
    packet = streams_of.read(streams_of.packet(payload))
    H264().inspect(packet)
    return packet


def aggregate(*units: bytes) -> bytes:
    return b"\x78" + b"".join(pack("!H", len(unit)) + unit for unit in units)


@pytest.mark.parametrize(
    ("payload", "starts"),
    [
        (SPS, True),
        (IDR, True),
        (PPS, False),
        (SLICE, False),
        (aggregate(SPS, PPS), True),
        (aggregate(PPS, SLICE), False),
        (b"\x7c\x85abc", True),  # the first fragment of a picture that stands alone
        (b"\x7c\x05abc", False),
        (b"\x7c\x81abc", False),
        (b"", False),
        (b"\x7c", False),
        (b"\x78\x00", False),
    ],
)
def test_starts(payload: bytes, starts: bool) -> None:
    assert inspected(payload).switch_point == starts


@given(st.binary(max_size=40))
def test_any_payload_is_read_and_kept(payload: bytes) -> None:
    packet = inspected(payload)
    assert H264().rewrite(packet, H264().shift(packet, (3, 4), packet)) == packet.payload
