"""Refusal of SCTP packets that are cheap to send and dear to handle (RFC 9260)."""

from __future__ import annotations

from struct import Struct

HEADER_BYTES = 12
CHUNK_SELECTIVE_ACK = 3
CHUNKS_MAX = 64
ACKNOWLEDGED_MAX = 16_384
"""Packets that one selective acknowledgement may name; aiortc walks through each. A full window has far fewer."""

_CHUNK = Struct("!BBH")
_GAP = Struct("!HH")
_COUNTS = Struct("!HH")
_COUNTS_OFFSET = 12  # behind the chunk's header, the cumulative number and the window
_GAPS_OFFSET = 16


def acceptable(packet: bytes) -> bool:
    """Say whether handling the packet costs a bounded time."""
    position, chunks = HEADER_BYTES, 0
    while position + _CHUNK.size <= len(packet):
        kind, _, length = _CHUNK.unpack_from(packet, position)
        if length < _CHUNK.size or position + length > len(packet) or chunks == CHUNKS_MAX:
            return False
        if kind == CHUNK_SELECTIVE_ACK and not _modest(packet[position : position + length]):
            return False
        position += length + -length % 4
        chunks += 1
    return chunks > 0


def _modest(chunk: bytes) -> bool:
    if len(chunk) < _GAPS_OFFSET:
        return False
    gaps, _ = _COUNTS.unpack_from(chunk, _COUNTS_OFFSET)
    end = _GAPS_OFFSET + gaps * _GAP.size
    if end > len(chunk):
        return False
    named: int = sum(last - first + 1 for first, last in _GAP.iter_unpack(chunk[_GAPS_OFFSET:end]))
    return named <= ACKNOWLEDGED_MAX
