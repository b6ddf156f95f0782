"""Picture numbers without gaps for those who get only some of the pictures of a stream."""

from __future__ import annotations

from typing import Protocol

from visio.media.codecs import Shift
from visio.media.dense import DenseNumbers
from visio.media.rtp import Packet
from visio.media.serial import unwrap

BITS = {1: 7, 2: 15}  # of a picture number, by its bytes


class Writer(Protocol):
    """What writes the numbers into a payload."""

    def rewrite(self, packet: Packet, shift: Shift) -> bytes:
        """Return the payload with its numbers shifted."""


class Pictures:
    """The numbers of one part of a stream. A picture of which nothing came keeps its place: it may have been in it."""

    __slots__ = ("_dense", "_newest")

    def __init__(self) -> None:
        self._newest: int | None = None
        self._dense = DenseNumbers(0)

    def leave_out(self, packet: Packet) -> None:
        """Take the place out of a picture that is not in the part."""
        before, number = self._newest, self._place(packet)
        if number is not None and before is not None and number > before:
            self._dense.skip(number)

    def renumber(self, packet: Packet, writer: Writer) -> None:
        """Give a packet the number that its picture has in the part."""
        number = self._place(packet)
        dense = None if number is None else self._dense.index(number)
        if packet.numbers is None or number is None or dense is None:
            return
        _, level, width = packet.numbers
        packet.payload = writer.rewrite(packet, (dense - number, 0))
        packet.numbers = dense, level, width

    def _place(self, packet: Packet) -> int | None:
        """Return the whole number of a picture; None when it has none."""
        bits = BITS.get(packet.numbers[2]) if packet.numbers is not None else None
        if packet.numbers is None or bits is None:
            return None
        near = self._newest
        if near is None:
            near = packet.numbers[0]
            self._dense = DenseNumbers(near)
        number = unwrap(packet.numbers[0], near, bits)
        self._newest = max(near, number)
        return number
