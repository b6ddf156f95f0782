"""VP8 payloads: key frames, layers in time, and renumbering of pictures (RFC 7741)."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct

from visio.media.frame_kinds import ABSENT, REQUIRED, SWITCH, FrameKind, Layout, Rhythm, grid
from visio.media.rtp import Packet
from visio.media.serial import low7, low8, low15

_LONG = Struct("!H")

NO_LEVEL = -1


class Vp8:
    """Reads the payload descriptors of one stream and rewrites those of any.

    `Packet.numbers` is (picture id, TL0PICIDX or NO_LEVEL, bytes of the picture id).
    """

    active = -1

    def __init__(self) -> None:
        self.layout: Layout | None = None
        self._tempos = 1
        self._kinds: dict[tuple[int, int], FrameKind | None] = {}

    def for_stream(self, extensions: Mapping[str, int]) -> Vp8:  # noqa: ARG002
        """Return a reader for one stream."""
        return Vp8()

    def restricted(self, packet: Packet, targets: int) -> bytes | None:  # noqa: ARG002
        """Return no descriptor: this format has none."""
        return None

    def inspect(self, packet: Packet) -> None:
        """Find layer, numbers and whether a key frame starts here (RFC 7741 sections 4.2 and 4.3)."""
        payload = packet.payload
        if not payload:
            return
        first, at = payload[0], 1
        if first & 0x80:
            at = self._inspect_extension(packet)
        packet.begins, packet.ends = first & 0x17 == 0x10, bool(packet.marker)  # S set, partition 0
        packet.switch_point = packet.begins and 0 < at < len(payload) and not payload[at] & 0x01

    def _inspect_extension(self, packet: Packet) -> int:
        """Read the optional part of the descriptor; return where the frame starts, 0 when it is cut off."""
        payload = packet.payload
        flags = payload[1] if len(payload) > 1 else 0
        at, width, picture, level = 2, 0, 0, NO_LEVEL
        if flags & 0x80:
            width = 2 if len(payload) > 2 and payload[2] & 0x80 else 1
            at += width
        has_level = bool(flags & 0x40)
        end = at + has_level + bool(flags & 0x30)
        if end > len(payload):
            return 0
        if has_level:
            level = payload[at]
        if width:
            picture = low15(_LONG.unpack_from(payload, 2)[0]) if width == 2 else low7(payload[2])
        if width or has_level:
            packet.numbers = picture, level, width
        if flags & 0x20 and width:  # T: the layer, and whether it needs the lowest layer only
            packet.kind = self._kind(payload[end - 1] >> 6, payload[end - 1] >> 5 & 1)
        return end

    def _kind(self, temporal: int, synchronises: int) -> FrameKind | None:
        """Return the kind of a frame; None as long as there are no layers."""
        if temporal >= self._tempos:
            self._grow(temporal + 1)
        return self._kinds.get((temporal, synchronises))

    def _grow(self, tempos: int) -> None:
        """Know of so many layers; ones that are sent no more stay known."""
        self._tempos = tempos
        self.layout = Rhythm(grid(1, tempos))
        for temporal in range(tempos):
            for up in (0, 1):
                wanted = SWITCH if up and temporal else REQUIRED
                indications = tuple(ABSENT if temporal > highest else wanted for highest in range(tempos))
                self._kinds[temporal, up] = self.layout.kind(0, temporal, indications)

    def shift(self, last: Packet, shift: tuple[int, int], first: Packet, *, within: bool = False) -> tuple[int, int]:
        """Continue the picture numbers after `last`: decoders take a jump for a loss and wait for a key frame.

        The parts of a stream share its TL0PICIDX.
        """
        if last.numbers is None or first.numbers is None:
            return shift
        picture = last.numbers[0] + shift[0] + 1 - first.numbers[0]
        level = last.numbers[1] + shift[1] + 1 - first.numbers[1]
        return picture, shift[1] if within else level

    def rewrite(self, packet: Packet, shift: tuple[int, int]) -> bytes:
        """Return the payload with shifted picture id and TL0PICIDX, in the widths they came in."""
        if packet.numbers is None:
            return packet.payload
        picture, level, width = packet.numbers
        head, rest = packet.payload[:2], 2 + width
        if width == 2:
            head += _LONG.pack(0x8000 | low15(picture + shift[0]))
        elif width == 1:
            head += bytes((low7(picture + shift[0]),))
        if level != NO_LEVEL:
            head += bytes((low8(level + shift[1]),))
            rest += 1
        return head + packet.payload[rest:]
