"""The layers of a track, simulcast streams or parts of a scalable one, and which of them a subscriber gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from visio.media.cache import PacketCache
from visio.media.plane import Route
from visio.media.rates import RateMeter
from visio.media.reception import SenderClock
from visio.media.rtp import Packet

LOW, MEDIUM, HIGH = 0, 1, 2
TEMPORAL = 8  # grades of one quality: its frame rates, of which the last is the whole one
ALL = (HIGH + 1) * TEMPORAL - 1
FRAMES_ENOUGH = 0.9  # of the wanted frame rate: what is counted varies
FRESH_S = 1.0  # a layer whose sister is so much fresher is not preferred: its sender may have switched it off

EXPECTED_BPS = (150_000, 500_000, 1_700_000)  # of a picture by rank, until it was measured: what LiveKit's clients send

_RANKS = {"q": LOW, "h": MEDIUM, "f": HIGH}


class Candidate(Protocol):
    """What the choice looks at."""

    @property
    def rank(self) -> int:
        """Return LOW, MEDIUM or HIGH."""

    @property
    def grade(self) -> int:
        """Return a number that orders by rank, then by frame rate."""

    @property
    def fps(self) -> float:
        """Return how many frames come in a second, 0 when it is not known."""

    @property
    def last_packet(self) -> float:
        """Return when the newest packet arrived."""


def rank_of(rid: str, position: int) -> int:
    """Return the quality of a layer: by the names that LiveKit's clients use, else by its place in the list."""
    return _RANKS.get(rid, min(position, HIGH) if rid else HIGH)


def grade(rank: int, temporal: int = TEMPORAL - 1) -> int:
    """Return the grade of a temporal layer, by default of the whole frame rate."""
    return rank * TEMPORAL + min(temporal, TEMPORAL - 1)


def rank_for_width(widths: Sequence[int], width: int) -> int:
    """Return the rank of the smallest picture that is at least `width` wide, HIGH when none is known to be."""
    fitting = [rank for rank, known in enumerate(widths) if known >= width]
    return min(fitting, default=HIGH)


class Table:
    """The forwarding table of a layer: along which routes its packets go, and who looks at them."""

    __slots__ = ("listeners", "routes")

    def __init__(self) -> None:
        self.listeners: tuple[Listener, ...] = ()
        self.routes: tuple[Route, ...] = ()

    @property
    def used(self) -> bool:
        """Tell whether anybody gets the packets or waits for one."""
        return bool(self.routes or self.listeners)

    def attach(self, listener: Listener) -> None:
        """Show the packets to one more, who decides about each."""
        if listener not in self.listeners:
            self.listeners = (*self.listeners, listener)

    def detach(self, listener: Listener) -> None:
        """Show it no packets any more."""
        self.listeners = tuple(other for other in self.listeners if other is not listener)

    def open(self, route: Route) -> None:
        """Send the packets along one more route, without asking."""
        if route not in self.routes:
            self.routes = (*self.routes, route)

    def shut(self, route: Route) -> None:
        """Send nothing along this route any more."""
        self.routes = tuple(other for other in self.routes if other is not route)

    def clear(self) -> None:
        """Let go of everybody."""
        self.listeners, self.routes = (), ()


class Layer(Protocol):
    """What a subscriber can be sent: packets with gapless indices, and the newest of them."""

    rid: str
    rank: int
    grade: int
    fps: float
    rate: RateMeter
    clock: SenderClock
    cache: PacketCache
    newest: int
    last_packet: float

    @property
    def stream(self) -> object:
        """Return the stream that the packets come from; layers of one stream share its timestamps and pictures."""

    def attach(self, listener: Listener) -> None:
        """Show the packets of this layer to one more, who decides about each."""

    def detach(self, listener: Listener) -> None:
        """Show it no packets any more."""

    def open(self, route: Route) -> None:
        """Send the packets of this layer along one more route, without asking."""

    def shut(self, route: Route) -> None:
        """Send nothing along this route any more."""

    @property
    def key_frames_came(self) -> int:
        """Return a number that grows with each key frame that arrives."""

    def below(self, other: Layer | None) -> bool:
        """Tell whether a subscriber of the other layer can go on with this one at any frame."""

    def admits(self, packet: Packet, current: Layer | None) -> bool:
        """Tell whether a subscriber who gets `current` can go on with this packet of this layer."""

    def request_key_frame(self, now: float) -> None:
        """Ask the sender for a key frame."""


class Listener(Protocol):
    """Who looks at each packet of a layer until there is one to start with."""

    def choose(self, now: float) -> None:
        """Choose again among the layers."""

    def forward(self, layer: Layer, packet: Packet) -> None:
        """Take a packet that has arrived."""


C = TypeVar("C", bound=Candidate)


def suitable(layers: Sequence[C], limit: int, fps: float = 0.0) -> list[C]:
    """Return the fresh layers up to the grade `limit`, or the smallest fresh one; `layers` go from small to large.

    Freshness is relative: when all fall silent (muted, or a screen that does not change) nothing is switched.
    With `fps` layers are left out that show more frames than that when a smaller one of their rank shows enough.
    """
    horizon = max((layer.last_packet for layer in layers), default=0.0) - FRESH_S
    fresh = [layer for layer in layers if layer.last_packet >= horizon]
    found = [layer for layer in fresh if layer.grade <= limit] or fresh[:1]
    return [layer for layer in found if not _spare(layer, found, fps)] if fps else found


def _spare(layer: C, layers: Sequence[C], fps: float) -> bool:
    enough = fps * FRAMES_ENOUGH
    return any(one.rank == layer.rank and one.grade < layer.grade and one.fps >= enough for one in layers)


def choose(layers: Sequence[C], limit: int, fps: float = 0.0) -> C | None:
    """Return the best of the suitable layers."""
    return next(reversed(suitable(layers, limit, fps)), None)
