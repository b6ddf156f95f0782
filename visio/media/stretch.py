"""How packets of changing layers become one stream: sequence numbers, timestamps and picture numbers go on."""

from visio.media.codecs import UNSHIFTED, Shift
from visio.media.layers import Layer
from visio.media.numbers import first_sequence
from visio.media.reception import SenderClock
from visio.media.rtp import Packet
from visio.media.serial import distance32, low32


class Stretch:
    """A run of packets of one layer, and what is added to their numbers."""

    __slots__ = ("first", "layer", "number_shift", "payload_shift", "timestamp_shift")

    def __init__(self, layer: Layer, first: int, number_shift: int, timestamp_shift: int, payload_shift: Shift) -> None:
        self.layer = layer
        self.first = first  # index of its first packet
        self.number_shift = number_shift
        self.timestamp_shift = timestamp_shift
        self.payload_shift = payload_shift


class Timeline:
    """Puts the timestamps of all layers of a track on the scale of the one that was sent first."""

    __slots__ = ("_clock", "_rate")

    def __init__(self, clock_rate: int, clock: SenderClock) -> None:
        self._rate = clock_rate
        self._clock = clock

    def shift(self, layer: Layer, first: Packet, before: Stretch, last: Packet) -> int:
        """Return the shift for a stretch that begins with `first`, after `last` was sent in the stretch `before`.

        The sender reports tell the distance of two layers. Until they are there, the time between the two arrivals
        must do, which is wrong by the jitter of the path.
        """
        sent = last.timestamp + before.timestamp_shift
        if layer.stream is before.layer.stream:
            return before.timestamp_shift
        if layer.clock.known and self._clock.known:
            shift = -layer.clock.ahead_of(self._clock)
        else:
            shift = sent + int((first.arrived - last.arrived) * self._rate) - first.timestamp
        ahead = distance32(low32(first.timestamp + shift), low32(sent))
        return shift if ahead > 0 else shift + 1 - ahead


def opening(layer: Layer, first: Packet) -> Stretch:
    """Return the first stretch of a subscription, which keeps timestamps and picture numbers."""
    return Stretch(layer, first.index, first_sequence() - first.index, 0, UNSHIFTED)
