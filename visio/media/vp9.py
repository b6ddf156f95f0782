"""VP9 payloads: key frames, layers in space and time, and renumbering of pictures (RFC 9628)."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct

from visio.media.frame_kinds import ABSENT, REQUIRED, SWITCH, FrameKind, Layout, grid
from visio.media.rtp import Packet
from visio.media.serial import low7, low8, low15
from visio.media.vp8 import NO_LEVEL

_LONG = Struct("!H")

HAS_PICTURE, PREDICTED, HAS_LAYER, FLEXIBLE, BEGINS, ENDS, STRUCTURE = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02
SWITCHING_UP = 0x10
LAYERS_MAX = 4  # in space and in time; no client sends more than three


class Vp9:
    """Reads the payload descriptors of one stream and rewrites those of any.

    `Packet.numbers` is (picture id, TL0PICIDX or NO_LEVEL, bytes of the picture id).
    """

    def __init__(self) -> None:
        self.layout: Layout | None = None
        self.active = -1
        self._depth = self._tempos = 1
        self._kinds: dict[tuple[int, int, int], FrameKind | None] = {}

    def for_stream(self, extensions: Mapping[str, int]) -> Vp9:  # noqa: ARG002
        """Return a reader for one stream."""
        return Vp9()

    def inspect(self, packet: Packet) -> None:
        """Find layer, numbers and whether a key frame starts here (RFC 9628 section 4.2)."""
        payload = packet.payload
        flags = payload[0] if payload else 0
        width = 0 if not flags & HAS_PICTURE else 2 if len(payload) > 1 and payload[1] & 0x80 else 1
        at = 1 + width
        end = at + (0 if not flags & HAS_LAYER else 1 if flags & FLEXIBLE else 2)
        if end >= len(payload):
            return
        indices = payload[at] if flags & HAS_LAYER else 0
        if width:
            picture = low15(_LONG.unpack_from(payload, 1)[0]) if width == 2 else low7(payload[1])
            level = payload[end - 1] if flags & HAS_LAYER and not flags & FLEXIBLE else NO_LEVEL
            packet.numbers = picture, level, width
        packet.begins, packet.ends = bool(flags & BEGINS), bool(flags & ENDS)
        packet.switch_point = packet.begins and not flags & PREDICTED and not indices & 0x0E
        if flags & STRUCTURE and packet.switch_point:
            self._grow((payload[end] >> 5) + 1, 1)
        packet.kind = self._kind(indices >> 1 & 7, indices >> 5, indices & SWITCHING_UP)

    def _grow(self, depth: int, tempos: int) -> None:
        """Know of so many layers; ones that are sent no more stay known."""
        depth, tempos = min(depth, LAYERS_MAX), min(tempos, LAYERS_MAX)
        if depth <= self._depth and tempos <= self._tempos:
            return
        self._depth, self._tempos = max(depth, self._depth), max(tempos, self._tempos)
        self.layout = Layout(grid(self._depth, self._tempos))
        for spatial, temporal in self.layout.targets:
            for up in (0, SWITCHING_UP):
                indications = self._indications(spatial, temporal, up)
                self._kinds[spatial, temporal, up] = self.layout.kind(spatial, temporal, indications)

    def _kind(self, spatial: int, temporal: int, up: int) -> FrameKind | None:
        """Return the kind of a frame; None in a stream without layers and for a layer that no key frame announced."""
        if temporal >= self._tempos:
            self._grow(1, temporal + 1)
        return self._kinds.get((spatial, temporal, up))

    def _indications(self, spatial: int, temporal: int, up: int) -> tuple[int, ...]:
        """Return who needs a frame: all layers above it, of which those in time may be switched to after it."""
        return tuple(
            ABSENT if spatial > s or temporal > t else SWITCH if up and spatial == s and temporal < t else REQUIRED
            for s, t in grid(self._depth, self._tempos)
        )

    def restricted(self, packet: Packet, targets: int) -> bytes | None:  # noqa: ARG002
        """Return no descriptor: this format has none."""
        return None

    def shift(self, last: Packet, shift: tuple[int, int], first: Packet, *, within: bool = False) -> tuple[int, int]:
        """Continue the picture numbers after `last`; the parts of a stream share them."""
        if within or last.numbers is None or first.numbers is None:
            return shift
        picture = last.numbers[0] + shift[0] + 1 - first.numbers[0]
        level = last.numbers[1] + shift[1] + 1 - first.numbers[1]
        return picture, level

    def rewrite(self, packet: Packet, shift: tuple[int, int]) -> bytes:
        """Return the payload with shifted picture id and TL0PICIDX, in the widths they came in."""
        if packet.numbers is None:
            return packet.payload
        picture, level, width = packet.numbers
        payload = packet.payload
        number = _LONG.pack(0x8000 | low15(picture + shift[0])) if width == 2 else bytes((low7(picture + shift[0]),))
        at = 1 + width
        if level == NO_LEVEL:
            return payload[:1] + number + payload[at:]
        return payload[:1] + number + payload[at : at + 1] + bytes((low8(level + shift[1]),)) + payload[at + 2 :]
