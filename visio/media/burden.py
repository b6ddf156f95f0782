"""How busy a worker is: CPU and packets a second, measured over a second or so and smoothed."""

from __future__ import annotations

from collections.abc import Iterable

from visio.media.participant import Participant
from visio.media.room import Room

NEW_SHARE = 0.5
"""Weight of the newest measurement: a burst of a second counts, and is forgotten after four."""


class Burden:
    """Turns counters that only grow into rates; a reader changes nothing."""

    def __init__(self, now: float, used_s: float) -> None:
        self.load = 0.0
        self.packets_per_s = 0.0
        self._before = (now, used_s, 0)

    def sample(self, now: float, used_s: float, packets: int) -> None:
        """Take in the CPU seconds used and the packets counted so far; what ended takes its packets along."""
        before, used_before, packets_before = self._before
        self._before = (now, used_s, packets)
        passed_s = max(now - before, 0.001)
        self.load += NEW_SHARE * ((used_s - used_before) / passed_s - self.load)
        self.packets_per_s += NEW_SHARE * (max(0, packets - packets_before) / passed_s - self.packets_per_s)


def packets(rooms: Iterable[Room]) -> int:
    """Count the media packets that the tracks of these rooms have received and sent."""
    return sum(_packets(who) for room in rooms for who in room.participants.values())


def _packets(who: Participant) -> int:
    layers = (layer for item in who.publishing for up in item.arriving() for layer in up.layers)
    downs = (item.down for item in who.subscriptions.values() if item.down is not None)
    return sum(layer.reception.received for layer in layers) + sum(down.packets for down in downs)
