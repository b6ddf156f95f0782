"""SCTP packets that cost too much are refused."""

from __future__ import annotations

import struct

from visio.media.sctp_guard import CHUNKS_MAX, acceptable

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
