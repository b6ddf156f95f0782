"""The data plane in plain Python: always there, and the measure of every other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from visio.media import dependency, rtp
from visio.media.codecs import UNSHIFTED, Codec, Shift
from visio.media.congestion.history import SendHistory
from visio.media.extensions import DEPENDENCY_DESCRIPTOR, TRANSPORT_SEQUENCE
from visio.media.outlet import PythonOutlet
from visio.media.plane import Route
from visio.media.rates import PACKET_BYTES
from visio.media.rtp import Packet
from visio.media.sections import DownSection, PacketSink
from visio.media.serial import LOW16, LOW32

NEVER = 1 << 62


class PythonRoute:
    """A route; everything that does not change from packet to packet is at hand."""

    __slots__ = (
        "codec",
        "descriptor_id",
        "element",
        "first",
        "last",
        "newest",
        "number_shift",
        "octets",
        "packets",
        "payload_shift",
        "payload_type",
        "red_payload_type",
        "send",
        "ssrc",
        "stamp",
        "timestamp_shift",
    )

    def __init__(self, sink: PacketSink, history: SendHistory, section: DownSection, codec: Codec) -> None:
        self.send, self.stamp, self.codec = sink.send_rtp, history.stamp, codec
        self.ssrc, self.payload_type = section.ssrc, section.payload_type
        self.red_payload_type = section.red_payload_type
        self.element = rtp.number_element(section.extensions.get(TRANSPORT_SEQUENCE, 0))
        self.descriptor_id = section.extensions.get(DEPENDENCY_DESCRIPTOR, 0)
        self.first = NEVER
        self.number_shift = self.timestamp_shift = 0
        self.payload_shift: Shift | None = None
        self.newest = self.packets = self.octets = 0
        self.last: Packet | None = None

    def aim(self, first: int, number_shift: int, timestamp_shift: int, payload_shift: Shift) -> None:
        """Send the packets from index `first` on, with this much added to their numbers."""
        self.first, self.number_shift, self.timestamp_shift = first, number_shift, timestamp_shift
        self.payload_shift = None if payload_shift == UNSHIFTED else payload_shift
        self.newest = first + number_shift - 1


class PythonPlane:
    """Sends each packet through the sink of its route."""

    __slots__ = ("_loaded",)

    def __init__(self) -> None:
        self._loaded: list[PythonOutlet] = []

    def outlet(self, counters: Counter[str]) -> PythonOutlet:
        """Make the exit of one connection."""
        return PythonOutlet(counters, self._loaded.append)

    def flush(self) -> None:
        """Let go of everything that waits."""
        for outlet in self._loaded:
            outlet.flush()
        self._loaded.clear()

    def route(self, sink: PacketSink, history: SendHistory, section: DownSection, codec: Codec) -> PythonRoute:
        """Make a way for a track through a connection; it carries nothing before it is aimed."""
        return PythonRoute(sink, history, section, codec)

    def forward(self, packet: Packet, routes: Sequence[Route]) -> None:
        """Send a packet on its way along each route, in order.

        One long loop on purpose: each call in it would be made for every packet of every subscriber.
        """
        index, timestamp, marker, now = packet.index, packet.timestamp, packet.marker, packet.arrived
        red, descriptor = packet.red, packet.descriptor
        for route in cast("Sequence[PythonRoute]", routes):
            if index < route.first:
                continue
            number = index + route.number_shift
            if number > route.newest:
                route.newest, route.last = number, packet
            shift = route.payload_shift
            payload = packet.payload if shift is None else route.codec.rewrite(packet, shift)
            payload_type = route.payload_type
            if red is not None and route.red_payload_type is not None:
                payload, payload_type = red, route.red_payload_type
            route.packets += 1
            route.octets += len(payload)
            second, moment = marker | payload_type, timestamp + route.timestamp_shift & LOW32
            if descriptor is not None and route.descriptor_id:
                fixed = rtp.header(second, number & LOW16, moment, route.ssrc)
                head = _described(fixed, descriptor, route, len(payload) + PACKET_BYTES, now)
            elif route.element:
                wide = route.stamp(len(payload) + PACKET_BYTES, now)
                head = rtp.numbered_header(second, number & LOW16, moment, route.ssrc, route.element, wide)
            else:
                head = rtp.header(second, number & LOW16, moment, route.ssrc)
            route.send(head + payload)


def _described(fixed: bytes, descriptor: bytes, route: PythonRoute, size: int, now: float) -> bytes:
    """Return a header with a dependency descriptor."""
    wide = route.stamp(size, now) if route.element else 0
    if route.payload_shift is not None:
        descriptor = dependency.numbered(descriptor, route.payload_shift[0])
    return rtp.described_header(fixed, route.descriptor_id, descriptor, route.element >> 28, wide)


PLANE = PythonPlane()
"""For packets that need no connection, as in tests of what decides about them."""
