"""Sound with its own repetition, for those who take it and for those who do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import AUDIO, OPUS, Sink
from visio.media import red
from visio.media.down_leg import DownLeg
from visio.media.sections import DownSection
from visio.media.up_leg import UpLeg

RED = 63
OLDER = b"older sound"
NEWEST = b"newest"
BLOCK = bytes((0x80 | OPUS,)) + (960 << 10 | len(OLDER)).to_bytes(3, "big")
WHOLE = BLOCK + bytes((OPUS,)) + OLDER + NEWEST


def test_the_newest_sound_is_the_last_block() -> None:
    assert red.primary(WHOLE) == NEWEST
    assert red.primary(bytes((OPUS,)) + NEWEST) == NEWEST
    assert red.primary(BLOCK + BLOCK + bytes((OPUS,)) + OLDER + OLDER + NEWEST) == NEWEST


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, len(BLOCK) + len(OLDER)])
def test_what_is_cut_off_is_refused(size: int) -> None:
    assert red.primary(WHOLE[:size]) is None


@given(st.binary(max_size=80))
def test_anything_is_read(payload: bytes) -> None:
    found = red.primary(payload)
    assert found is None or payload.endswith(found)


def sent(to: DownSection, *, payload_type: int, payload: bytes) -> list[tuple[int, bytes]]:
    """Return what a subscriber gets of two packets, the second one of this type."""
    sink, leg = Sink(), UpLeg(Sink())
    track = leg.add(replace(AUDIO, red_payload_type=RED))
    DownLeg(sink).add(track, to, 1.0)
    for number, (kind, body) in enumerate([(OPUS, b"first"), (payload_type, payload)]):
        leg.receive_rtp(streams_of.packet(body, payload_type=kind, sequence=number, timestamp=960 * number), 1.0)
    return [(packet.payload_type, packet.payload) for packet in sink.packets()]


def test_who_takes_repetitions_gets_them() -> None:
    to = DownSection("9", 101, 9000, "PA", red_payload_type=64)
    assert sent(to, payload_type=RED, payload=WHOLE) == [(101, b"first"), (64, WHOLE)]


def test_who_does_not_gets_plain_sound() -> None:
    to = DownSection("9", 101, 9000, "PA")
    assert sent(to, payload_type=RED, payload=WHOLE) == [(101, b"first"), (101, NEWEST)]


def test_a_malformed_one_is_dropped() -> None:
    to = DownSection("9", 101, 9000, "PA", red_payload_type=64)
    assert sent(to, payload_type=RED, payload=WHOLE[:4]) == [(101, b"first")]


def test_a_stream_may_begin_with_repetitions() -> None:
    sink, leg = Sink(), UpLeg(Sink())
    DownLeg(sink).add(leg.add(replace(AUDIO, red_payload_type=RED, ssrcs=())), DownSection("9", 101, 9000, "PA"), 1.0)
    leg.receive_rtp(streams_of.packet(WHOLE, payload_type=RED), 1.0)
    assert [packet.payload for packet in sink.packets()] == [NEWEST]
