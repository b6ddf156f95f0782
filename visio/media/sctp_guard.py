"""Refusal of SCTP packets that are cheap to send and dear to handle (RFC 9260)."""

from __future__ import annotations

from struct import Struct

HEADER_BYTES = 12
CHUNK_SELECTIVE_ACK = 3
CHUNK_FORWARD = 192
CHUNKS_MAX = 64
FORWARDED_STREAMS_MAX = 16
"""Streams that one chunk may say were skipped; clients have three."""
ACKNOWLEDGED_MAX = 16_384
"""Packets that one selective acknowledgement may name; aiortc walks through each. A full window has far fewer."""

_CHUNK = Struct("!BBH")
_GAP = Struct("!HH")
_COUNTS = Struct("!HH")
_COUNTS_OFFSET = 12  # behind the chunk's header, the cumulative number and the window
_GAPS_OFFSET = 16
_SKIPPED = Struct("!HH")
_SKIPPED_OFFSET = 8  # behind the chunk's header and the new cumulative number


def acceptable(packet: bytes) -> bool:
    """Say whether handling the packet costs a bounded time."""
    position, chunks = HEADER_BYTES, 0
    dear: set[int] = set()
    while position + _CHUNK.size <= len(packet):
        kind, _, length = _CHUNK.unpack_from(packet, position)
        if length < _CHUNK.size or position + length > len(packet) or chunks == CHUNKS_MAX:
            return False
        if kind in _JUDGES and (kind in dear or not _JUDGES[kind](packet[position : position + length])):
            return False
        dear.add(kind)
        position += length + -length % 4
        chunks += 1
    return chunks > 0


def _skips_few(chunk: bytes) -> bool:
    return len(chunk) <= _SKIPPED_OFFSET + FORWARDED_STREAMS_MAX * _SKIPPED.size


def _modest(chunk: bytes) -> bool:
    if len(chunk) < _GAPS_OFFSET:
        return False
    gaps, _ = _COUNTS.unpack_from(chunk, _COUNTS_OFFSET)
    end = _GAPS_OFFSET + gaps * _GAP.size
    if end > len(chunk):
        return False
    named: int = sum(last - first + 1 for first, last in _GAP.iter_unpack(chunk[_GAPS_OFFSET:end]))
    return named <= ACKNOWLEDGED_MAX


# Each of these makes aiortc walk through all that waits; nobody sends two of a kind in one packet.
_JUDGES = {CHUNK_SELECTIVE_ACK: _modest, CHUNK_FORWARD: _skips_few}
