"""Packets on a TCP connection: a length of two bytes before each (RFC 4571)."""

from __future__ import annotations

from struct import Struct

_LENGTH = Struct("!H")
FRAME_MAX_BYTES = 2048  # more than any datagram of WebRTC


class FramingError(ValueError):
    """The bytes cannot be a stream of packets."""


def frame(packet: bytes) -> bytes:
    """Return the packet as it goes on the stream."""
    return _LENGTH.pack(len(packet)) + packet


class Deframer:
    """Cuts a stream into packets; holds at most one unfinished packet."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the packets that `data` completes. Raise `FramingError` for a length that no packet has."""
        data = self._rest + data
        packets, position, end = [], 0, len(data)
        while end - position >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(data, position)
            if not 0 < size <= FRAME_MAX_BYTES:
                raise FramingError(f"a packet of {size} bytes")
            if end - position - _LENGTH.size < size:
                break
            position += _LENGTH.size
            packets.append(data[position : position + size])
            position += size
        self._rest = data[position:]
        return packets
