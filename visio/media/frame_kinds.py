"""The kinds of frames of a scalable stream, and which of its decode targets needs each (AV1 RTP specification, 4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

ABSENT, DISCARDABLE, SWITCH, REQUIRED = range(4)  # indications in the order of their codes
KINDS_MAX = 64  # that are remembered of one stream; each is looked at for each target several times a second

Target = tuple[int, int]
"""What a receiver may ask for: the highest spatial and the highest temporal layer."""


class FrameKind:
    """Frames alike in layer and use, and how much of the stream they are; `indications` has one for each target."""

    __slots__ = ("frames", "indications", "last_packet", "octets", "packets", "spatial", "temporal")

    def __init__(self, spatial: int, temporal: int, indications: tuple[int, ...]) -> None:
        self.spatial = spatial
        self.temporal = temporal
        self.indications = indications
        self.octets = self.packets = self.frames = 0
        self.last_packet = 0.0

    def count(self, octets: int, now: float, *, begins: bool) -> None:
        """Note a packet of such a frame."""
        self.octets += octets
        self.packets += 1
        self.frames += begins
        self.last_packet = now


@dataclass(slots=True, eq=False)
class Layout:
    """The decode targets of a stream and its kinds of frames, which may become more while it flows."""

    targets: tuple[Target, ...]
    kinds: list[FrameKind] = field(default_factory=list)

    def kind(self, spatial: int, temporal: int, indications: tuple[int, ...]) -> FrameKind | None:
        """Return the kind with these properties, a new one when it is not known; None when there are too many."""
        for known in self.kinds:
            if (known.spatial, known.temporal, known.indications) == (spatial, temporal, indications):
                return known
        if len(self.kinds) >= KINDS_MAX:
            return None
        self.kinds.append(FrameKind(spatial, temporal, indications))
        return self.kinds[-1]

    def of(self, target: int) -> list[FrameKind]:
        """Return the kinds that a target needs."""
        return [kind for kind in self.kinds if kind.indications[target] != ABSENT]

    @property
    def parts(self) -> range:
        """Return the targets that are offered as parts of the stream."""
        return range(len(self.targets))

    @property
    def counted(self) -> bool:
        """Tell whether receivers miss a picture whose number they do not see."""
        return False

    def opens(self, kind: FrameKind, current: int, wanted: int) -> bool:
        """Tell whether who gets the current target can go up to the wanted one with such a frame."""
        return kind.indications[wanted] == SWITCH and kind.indications[current] != ABSENT

    def nested(self, inner: int, outer: int) -> bool:
        """Tell whether who gets the outer target has all that the inner one needs."""
        return all(kind.indications[outer] != ABSENT for kind in self.of(inner))


class Rhythm(Layout):
    """Layers in time only, of pictures that are numbered one by one; the last target is the whole stream."""

    __slots__ = ()

    @property
    def parts(self) -> range:
        """Return the targets that leave something out."""
        return range(len(self.targets) - 1)

    @property
    def counted(self) -> bool:
        """Say yes: who gets a part must not see that there is more."""
        return True

    def opens(self, kind: FrameKind, current: int, wanted: int) -> bool:
        """Tell whether the frame is the first of the next layer up, and needs none of that layer before it."""
        return kind.indications[wanted] == SWITCH and kind.temporal == self.targets[current][1] + 1


def grid(spatial_layers: int, temporal_layers: int) -> tuple[Target, ...]:
    """Return the targets of a stream of which every layer can be the highest one, small to large."""
    return tuple((spatial, temporal) for spatial in range(spatial_layers) for temporal in range(temporal_layers))


class Flat:
    """A payload format without layers; one object serves every stream."""

    layout: Layout | None = None
    active = -1

    def for_stream(self, extensions: Mapping[str, int]) -> Self:  # noqa: ARG002
        """Return itself."""
        return self

    def restricted(self, packet: object, targets: int) -> bytes | None:  # noqa: ARG002
        """Return no descriptor."""
        return None
