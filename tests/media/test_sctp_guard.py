"""SCTP packets that cost too much are refused."""

from __future__ import annotations

import struct

from visio.media.sctp_guard import CHUNKS_MAX, FORWARDED_STREAMS_MAX, acceptable

HEADER = bytes(12)


def acknowledgement(gaps: list[tuple[int, int]], *, announced: int | None = None) -> bytes:
    counts = struct.pack("!HH", len(gaps) if announced is None else announced, 0)
    body = bytes(8) + counts + b"".join(struct.pack("!HH", *gap) for gap in gaps)
    return struct.pack("!BBH", 3, 0, len(body) + 4) + body


def test_it_works() -> None:
    """A data chunk and a normal acknowledgement are handled."""
    data = struct.pack("!BBH", 0, 3, 17) + bytes(13) + bytes(3)
    assert acceptable(HEADER + data + acknowledgement([(2, 5), (9, 12)]))


def test_a_greedy_acknowledgement_is_refused() -> None:
    """Hundreds of gaps over the whole range would take seconds."""
    assert not acceptable(HEADER + acknowledgement([(1, 65_535)] * 200))


def test_gaps_that_are_not_there_are_refused() -> None:
    """The count must fit the chunk."""
    assert not acceptable(HEADER + acknowledgement([(1, 2)], announced=9))
    assert not acceptable(HEADER + struct.pack("!BBH", 3, 0, 8) + bytes(4))


def test_damaged_chunks_are_refused() -> None:
    """A length of nothing, a length beyond the packet, and no chunk at all."""
    assert not acceptable(HEADER + bytes(4))
    assert not acceptable(HEADER + struct.pack("!BBH", 0, 0, 400))
    assert not acceptable(HEADER)
    assert not acceptable(b"")


def test_too_many_chunks_are_refused() -> None:
    """A packet of empty chunks only."""
    assert not acceptable(HEADER + struct.pack("!BBH", 9, 0, 4) * (CHUNKS_MAX + 1))


def forward(streams: int) -> bytes:
    return struct.pack("!BBHL", 192, 0, 8 + 4 * streams, 9) + bytes(4 * streams)


def test_one_jump_forward_over_few_streams() -> None:
    """Clients have three channels; each named stream is walked through."""
    assert acceptable(HEADER + forward(3) + acknowledgement([(2, 3)]))
    assert acceptable(HEADER + forward(FORWARDED_STREAMS_MAX))
    assert not acceptable(HEADER + forward(FORWARDED_STREAMS_MAX + 1))


def test_what_is_dear_is_not_repeated_in_a_packet() -> None:
    """Two acknowledgements, or two jumps forward, are one too many."""
    assert not acceptable(HEADER + acknowledgement([(2, 3)]) * 2)
    assert not acceptable(HEADER + forward(1) * 2)
