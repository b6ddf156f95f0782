"""When each packet of one connection was sent and how large it was, until its receiver has reported on it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from visio.media.numbers import first_sequence

PACKETS = 4096  # seven seconds of large packets at 5 Mbit/s


class Arrival(NamedTuple):
    """A packet that arrived: its number, when it was sent (our seconds), when it arrived (the receiver's), its size."""

    number: int
    sent_s: float
    arrived_s: float
    size_bytes: int


class SendHistory:
    """Numbers the packets of a connection and keeps the newest `PACKETS` of them in flat arrays."""

    __slots__ = ("_sent", "_sizes", "next", "octets")

    def __init__(self) -> None:
        self._sent = array("d", bytes(8 * PACKETS))
        self._sizes = array("H", bytes(2 * PACKETS))
        self.next = first_sequence()
        self.octets = 0

    def stamp(self, size_bytes: int, now: float) -> int:
        """Note a packet that is sent now; return its whole transport-wide number."""
        number = self.next
        place = number % PACKETS
        self._sent[place] = now
        self._sizes[place] = size_bytes
        self.octets += size_bytes
        self.next = number + 1
        return number

    @property
    def newest_s(self) -> float:
        """Return when the newest packet was sent."""
        return self._sent[(self.next - 1) % PACKETS]

    def octets_since(self, number: int) -> int:
        """Return the bytes sent after a packet that is known."""
        first, end = (number + 1) % PACKETS, self.next % PACKETS
        sizes = self._sizes
        return sum(sizes[first:end]) if first <= end else sum(sizes[first:]) + sum(sizes[:end])

    def arrivals(self, base: int, ticks: Sequence[int | None], tick_hz: int) -> list[Arrival]:
        """Return those of the packets from `base` on that were sent lately and arrived, of which `ticks` tells when."""
        oldest, end, sent, sizes = self.next - PACKETS, self.next, self._sent, self._sizes
        return [
            Arrival(number, sent_s, tick / tick_hz, sizes[number % PACKETS])
            for number, tick in enumerate(ticks, base)
            if tick is not None and oldest <= number < end and (sent_s := sent[number % PACKETS]) > 0
        ]
