"""The parts of one scalable stream, each offered like a stream of its own that ends at some layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from visio.media import layers
from visio.media.cache import PacketCache
from visio.media.codecs import Shift
from visio.media.dense import DenseNumbers
from visio.media.frame_kinds import ABSENT, Layout, Target
from visio.media.layers import Layer, Listener, Table
from visio.media.pictures import Pictures
from visio.media.plane import Plane, Route
from visio.media.rates import RateMeter
from visio.media.rtp import MARKER, Packet, copy

CACHED_PACKETS = 1024
FRAMES_S = 1.0  # over which frames are counted


class Stream(Layer, Protocol):
    """The stream that has the layers."""

    plane: Plane
    listeners: tuple[Listener, ...]
    routes: tuple[Route, ...]


class Reader(Protocol):
    """What reads the stream."""

    layout: Layout | None
    active: int

    def restricted(self, packet: Packet, targets: int) -> bytes | None:
        """Return the packet's descriptor for somebody who gets these targets only."""

    def rewrite(self, packet: Packet, shift: Shift) -> bytes:
        """Return the payload with its numbers shifted."""


class Part(Table):
    """What one decode target needs of a stream. It costs nothing while nobody gets it or waits for it."""

    __slots__ = (
        "_counted",
        "_frames",
        "_numbers",
        "_owner",
        "_pictures",
        "cache",
        "clock",
        "fps",
        "grade",
        "last_packet",
        "newest",
        "rank",
        "rate",
        "rid",
        "stream",
        "target",
        "within",
    )

    def __init__(self, owner: Parts, stream: Stream, target: int, name: Target, rank: int, now: float) -> None:
        super().__init__()
        self._owner = owner
        self._numbers = DenseNumbers(stream.newest + 1)
        self._frames, self._counted = 0, now
        self.stream = stream
        self.target = target
        self.within = 0  # the targets that are within this one, one bit each
        self._pictures = Pictures()
        self.rid = f"{stream.rid}s{name[0]}t{name[1]}"
        self.rank = rank
        self.grade = layers.grade(rank, name[1])
        self.rate = RateMeter(layers.EXPECTED_BPS[rank], now)
        self.fps = 0.0
        self.clock = stream.clock
        self.cache = PacketCache(1)  # until somebody listens
        self.newest = stream.newest
        self.last_packet = now

    def attach(self, listener: Listener) -> None:
        """Show the packets of this part to one more; numbers begin anew when nobody had them before."""
        if not self.used:
            self._numbers = DenseNumbers(self.stream.newest + 1)
            self._pictures = Pictures()
            self.newest = self.stream.newest
            self.cache = PacketCache(CACHED_PACKETS)
        super().attach(listener)
        self._owner.arrange_live()

    def detach(self, listener: Listener) -> None:
        """Show it no packets any more."""
        super().detach(listener)
        self._owner.arrange_live()

    def shut(self, route: Route) -> None:
        """Send nothing along this route any more."""
        super().shut(route)
        self._owner.arrange_live()

    @property
    def key_frames_came(self) -> int:
        """Return a number that grows with each key frame of the stream."""
        return self.stream.key_frames_came

    def request_key_frame(self, now: float) -> None:
        """Ask the sender for a key frame."""
        self.stream.request_key_frame(now)

    def below(self, other: Layer | None) -> bool:
        """Tell whether all of this part is in the other one, so that a subscriber can go down to it at any frame."""
        if other is self.stream:
            return True
        return isinstance(other, Part) and other.stream is self.stream and bool(other.within >> self.target & 1)

    def admits(self, packet: Packet, current: Layer | None) -> bool:
        """Tell whether a subscriber who gets `current` can go on with this packet of this part."""
        kind = packet.kind
        if not packet.begins or kind is None:
            return False
        if packet.switch_point or self.below(current):
            return True
        return self._owner.opens(packet, current, self.target)

    def take(self, packet: Packet, *, late: bool) -> Packet | None:
        """Return a packet of the stream as it is in this part; None when it is not.

        What is not takes no number; when it came late its number is taken already, and it is sent empty.
        """
        kind = packet.kind
        foreign = kind is None or kind.indications[self.target] == ABSENT
        if foreign and not late:
            self._numbers.skip(packet.index)
            if self._owner.counted:
                self._pictures.leave_out(packet)
            return None
        index = self._numbers.index(packet.index)
        if index is None:
            return None
        self.newest = max(self.newest, index)
        mine = copy(packet, index)
        if foreign or kind is None:
            mine.payload, mine.numbers, mine.descriptor, mine.switch_point = b"", None, None, False
        elif packet.ends and kind.spatial == self._owner.spatial(self.target):
            mine.marker = MARKER  # the picture ends here, without what is above
        if self._owner.counted and mine.numbers is not None:
            self._pictures.renumber(mine, self._owner.reader)
        if packet.announces:
            mine.descriptor = self._owner.reader.restricted(packet, self.within)
        self.cache.add(mine)
        return mine

    def measure(self, layout: Layout, now: float) -> None:
        """Note how fast this part flows, without or with listeners."""
        kinds = layout.of(self.target)
        top = [kind for kind in kinds if kind.spatial == self._owner.spatial(self.target)]
        self.rate.update(sum(kind.octets for kind in kinds), sum(kind.packets for kind in kinds), now)
        newest = max((kind.last_packet for kind in top), default=0.0)
        self.last_packet = min(newest, self.stream.last_packet)  # which is 0 when the sender has said goodbye
        if now - self._counted >= FRAMES_S:
            frames = sum(kind.frames for kind in top)
            self.fps = (frames - self._frames) / (now - self._counted)
            self._frames, self._counted = frames, now

    def renew(self, other: Part) -> Part:
        """Go on as this part of another layout, in which nothing is counted yet; return itself."""
        self.target, self.rank, self.grade = other.target, other.rank, other.grade
        self.rate, self.last_packet = other.rate, other.last_packet
        self._frames, self._counted = other._frames, other._counted
        return self

    def dump(self) -> dict[str, object]:
        """Describe the part for the room dump."""
        listeners = len(self.listeners) + len(self.routes)
        return {"rid": self.rid, "bps": round(self.rate.bps), "fps": round(self.fps, 1), "listeners": listeners}

    def release(self, before: float) -> None:
        """Let old packets go."""
        self.cache.release(before, self.newest)


class Parts:
    """The parts of one stream, which become known with its key frames."""

    __slots__ = ("_all", "_layout", "_live", "_rhythms", "_stream", "_thin", "reader")

    def __init__(self, stream: Stream, reader: Reader) -> None:
        self._stream = stream
        self.reader = reader
        self._layout: Layout | None = None
        self._all: list[Part] = []
        self._live: tuple[Part, ...] = ()
        self._rhythms: tuple[Layer, ...] = ()
        self._thin = bool(stream.rid) and stream.rank > layers.LOW

    def __len__(self) -> int:
        return len(self._all)

    @property
    def counted(self) -> bool:
        """Tell whether receivers miss a picture whose number they do not see."""
        return self._layout is not None and self._layout.counted

    def choices(self, fps: float) -> Sequence[Layer]:
        """Return the parts that are sent now, small to large; the last one may be the whole stream.

        Without `fps`, one that has fewer pictures is left out where there are as many smaller ones: whoever goes up
        keeps the frame rate.
        """
        if self.counted:
            return self._rhythms if fps or not self._thin else (self._stream,)
        active = self.reader.active
        found = [part for part in self._all if active >> part.target & 1]
        if fps:
            return found
        whole = {self.spatial(part.target): part for part in found}
        return [part for part in found if self.spatial(part.target) == 0 or whole[self.spatial(part.target)] is part]

    def opens(self, packet: Packet, current: Layer | None, wanted: int = -1) -> bool:
        """Tell whether a subscriber of another part can go up with this packet to the wanted target, or the last."""
        kind = packet.kind
        if kind is None or not packet.begins or self._layout is None:
            return False
        return (
            isinstance(current, Part)
            and current.stream is self._stream
            and self._layout.opens(kind, current.target, wanted)
        )

    def spatial(self, target: int) -> int:
        """Return the highest spatial layer of a target."""
        return self._layout.targets[target][0] if self._layout is not None else 0

    def arrange(self, now: float) -> bool:
        """Follow the layout that the reader has found; tell whether there are other parts than before."""
        layout = self.reader.layout
        if layout is self._layout or layout is None or len(layout.targets) < 2:
            return False
        self._layout = layout
        known = {part.rid: part for part in self._all}
        ranks = _ranks(max(spatial for spatial, _ in layout.targets) + 1, self._stream.rank)
        names = [(target, layout.targets[target]) for target in layout.parts]
        fresh = [Part(self, self._stream, target, name, ranks[name[0]], now) for target, name in names]
        self._all = sorted((_renewed(known.get(part.rid), part) for part in fresh), key=lambda part: part.grade)
        for part in self._all:
            within = (1 << target for target in range(len(layout.targets)) if layout.nested(target, part.target))
            part.within = sum(within)
        self._rhythms = (*self._all, self._stream)
        self.arrange_live()
        return True

    def arrange_live(self) -> None:
        """Keep apart the parts that cost something."""
        self._live = tuple(part for part in self._all if part.used)

    def pass_on(self, packet: Packet, *, late: bool) -> None:
        """Forward a packet: first to those who can begin with it, who then get it from where they were no more."""
        kind = packet.kind
        if kind is not None:
            kind.count(len(packet.payload), packet.arrived, begins=packet.begins)
        taken: list[tuple[Stream | Part, Packet, tuple[Route, ...]]] = [(self._stream, packet, self._stream.routes)]
        taken += [
            (part, mine, part.routes) for part in self._live if (mine := part.take(packet, late=late)) is not None
        ]
        for part, mine, _ in taken:
            for listener in part.listeners:
                listener.forward(part, mine)
        for part, mine, routes in taken:
            # Who has begun with this packet has it already, and who has left with it must not get it.
            open_routes = routes if part.routes is routes else tuple(one for one in routes if one in part.routes)
            self._stream.plane.forward(mine, open_routes)

    def measure(self, before: float, now: float) -> None:
        """Measure every part and let packets go that came `before`; call it regularly."""
        if self._layout is not None:
            for part in self._all:
                part.measure(self._layout, now)
            for part in self._live:
                part.release(before)

    def dump(self) -> list[dict[str, object]]:
        """Describe the parts for the room dump."""
        return [part.dump() for part in self._all]

    def end(self) -> None:
        """Let go of everybody, and of the stream itself, which refers to its parts."""
        for part in self._all:
            part.clear()
        self._all = []
        self._live = self._rhythms = ()
        del self._stream


def _ranks(depth: int, single: int) -> Sequence[int]:
    """Return the qualities of spatial layers: low, medium and high, or that of the stream for a single one."""
    return [min(place, layers.HIGH) for place in range(depth)] if depth > 1 else [single]


def _renewed(known: Part | None, fresh: Part) -> Part:
    """Return a part that was there before, as it is in the new layout."""
    return fresh if known is None else known.renew(fresh)
