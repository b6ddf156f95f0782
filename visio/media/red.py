"""Sound with its own repetition: a payload that carries older packets beside the present one (RFC 2198)."""

from __future__ import annotations

MORE = 0x80  # bit F of a block header: another one follows
HEADER_BYTES = 4  # of an older block: its payload type, age and length
BLOCKS_MAX = 32


def primary(payload: bytes) -> bytes | None:
    """Return the present packet; None when the payload is malformed."""
    at = older_bytes = 0
    size = len(payload)
    for _ in range(BLOCKS_MAX):
        if at >= size:
            return None
        if not payload[at] & MORE:
            start = at + 1 + older_bytes
            return payload[start:] if start <= size else None
        if at + HEADER_BYTES > size:
            return None
        older_bytes += (payload[at + 2] & 0x03) << 8 | payload[at + 3]
        at += HEADER_BYTES
    return None
