"""AV1 streams: key frames and layers, by the dependency descriptor where there is one (AV1 RTP specification)."""

from __future__ import annotations

from collections.abc import Mapping

from visio.media import dependency
from visio.media.allowance import Allowance
from visio.media.dependency import Structure
from visio.media.extensions import DEPENDENCY_DESCRIPTOR
from visio.media.frame_kinds import FrameKind, Layout
from visio.media.rtp import Packet
from visio.media.vp8 import NO_LEVEL

CONTINUES, BEGINS_SEQUENCE = 0x80, 0x08  # bits Z and N of the aggregation header
CHANGES_PER_S, CHANGES_BURST = 2, 8  # of the layers of a stream: each makes the parts of it anew


class Av1:
    """Reads the descriptors of one stream. `Packet.numbers` is (frame number, NO_LEVEL, 0)."""

    def __init__(self, identifier: int = 0) -> None:
        self._id = identifier
        self._structure: Structure | None = None
        self._since = 0  # index of the packet that the structure came with
        self._kinds: list[FrameKind | None] = []
        self._changes = Allowance(CHANGES_PER_S, CHANGES_BURST, 0.0)
        self.layout: Layout | None = None
        self.active = -1

    def for_stream(self, extensions: Mapping[str, int]) -> Av1:
        """Return a reader for one stream."""
        return Av1(extensions.get(DEPENDENCY_DESCRIPTOR, 0))

    def inspect(self, packet: Packet) -> None:
        """Find layer, frame number and whether a key frame starts here; of the payload only its first byte is used."""
        element = packet.elements.get(self._id)
        if element is None:
            head = packet.payload[0] if packet.payload else 0
            packet.switch_point = bool(head & BEGINS_SEQUENCE) and not head & CONTINUES
            return
        said = dependency.read(element, self._structure)
        if said is None or not packet.payload:
            return
        if said.structure is not None and not self._adopt(said.structure, packet):
            return
        if said.active is not None and packet.index >= self._since:
            self.active = said.active
        packet.kind = self._kind(said)
        packet.begins, packet.ends, packet.descriptor = said.begins, said.ends, element
        packet.announces = said.active is not None
        packet.switch_point = said.begins and said.structure is not None
        packet.numbers = said.number, NO_LEVEL, 0

    def _adopt(self, structure: Structure, packet: Packet) -> bool:
        """Go on with a new structure; one that only numbers its templates anew changes no layout.

        Return False for a change that comes too soon after others.
        """
        if packet.index < self._since or structure == self._structure:
            return True
        before = self._structure
        changes = before is None or before.templates != structure.templates
        if changes and not self._changes.take(1, packet.arrived):
            return False
        self._structure, self._since = structure, packet.index
        if changes:
            self.layout = dependency.layout(structure)
            self._kinds = [self.layout.kind(*template) for template in structure.templates]
        return True

    def _kind(self, said: dependency.Descriptor) -> FrameKind | None:
        """Return the kind of a frame; None when the key frame that its template comes with is not here."""
        if self._structure is None or self.layout is None:
            return None
        place = (said.template - self._structure.offset) % dependency.TEMPLATES
        kind = self._kinds[place] if place < len(self._kinds) else None
        if kind is None or said.indications is None:
            return kind
        return self.layout.kind(kind.spatial, kind.temporal, said.indications)

    def restricted(self, packet: Packet, targets: int) -> bytes | None:
        """Return the packet's descriptor for somebody who gets these targets only, one bit each."""
        if packet.descriptor is None:
            return None
        return dependency.with_active(packet.descriptor, self._structure, targets)

    def shift(self, last: Packet, shift: tuple[int, int], first: Packet, *, within: bool = False) -> tuple[int, int]:
        """Continue the frame numbers after `last`; the parts of a stream share them."""
        if within or last.numbers is None or first.numbers is None:
            return shift
        return last.numbers[0] + shift[0] + 1 - first.numbers[0], 0

    def rewrite(self, packet: Packet, shift: tuple[int, int]) -> bytes:  # noqa: ARG002
        """Return the payload as it is: the numbers are in the descriptor."""
        return packet.payload
