"""The innermost loop as the rest of the worker sees it: one packet to all who get it, in Python or compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from visio.media.aiortc_private import SrtpKeys
from visio.media.codecs import Codec, Shift
from visio.media.congestion.history import SendHistory
from visio.media.ice import Path
from visio.media.rtp import Packet
from visio.media.sections import DownSection, PacketSink


class Outlet(PacketSink, Protocol):
    """Where packets for one peer leave; before it is opened and aimed they are dropped and counted."""

    def open(self, keys: SrtpKeys) -> None:
        """Encrypt with these keys from now on."""

    def aim(self, path: Path | None) -> None:
        """Send to this path from now on, or nowhere."""


class Route(Protocol):
    """How one subscriber gets the packets of a track: what is put in their place, and what has been sent."""

    newest: int
    """Whole number of the newest packet sent."""
    last: Packet | None
    """That packet."""
    packets: int
    octets: int

    def aim(self, first: int, number_shift: int, timestamp_shift: int, payload_shift: Shift) -> None:
        """Send the packets from index `first` on, with this much added to their numbers."""


class Plane(Protocol):
    """Writes, encrypts and sends. One a process; outlets and routes of one plane go with no other.

    Packets may wait until `flush`, so that those of one burst leave together.
    """

    def outlet(self, counters: Counter[str]) -> Outlet:
        """Make the exit of one connection, which counts there what it cannot send."""

    def route(self, sink: PacketSink, history: SendHistory, section: DownSection, codec: Codec) -> Route:
        """Make a way for a track through a connection; it carries nothing before it is aimed."""

    def forward(self, packet: Packet, routes: Sequence[Route]) -> None:
        """Send a packet along each route, in order."""

    def flush(self) -> None:
        """Let go of everything that waits; call at the end of each wake-up."""
