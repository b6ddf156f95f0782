"""How much went through: packets, bytes and losses of sound and picture, in each direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from visio.media.sections import Kind

if TYPE_CHECKING:
    from visio.media.down_track import DownTrack
    from visio.media.up_layer import UpLayer


class Flow:
    """Counters that only grow. `repaired` came after it had been asked for again, or was sent again."""

    __slots__ = ("lost", "octets", "packets", "repaired")

    def __init__(self) -> None:
        self.packets = self.octets = self.lost = self.repaired = 0

    def take(self, packets: int, octets: int, lost: int, repaired: int) -> None:
        """Count more."""
        self.packets += packets
        self.octets += octets
        self.lost += lost
        self.repaired += repaired


class Flows:
    """What tracks carried: `up` from the participants, `down` to them, each by kind of media."""

    __slots__ = ("down", "up")

    def __init__(self) -> None:
        self.up: dict[Kind, Flow] = {"audio": Flow(), "video": Flow()}
        self.down: dict[Kind, Flow] = {"audio": Flow(), "video": Flow()}

    def take_layer(self, kind: Kind, layer: UpLayer) -> None:
        """Count what a layer has brought."""
        reception, missing = layer.reception, layer.missing
        self.up[kind].take(reception.received, reception.octets, missing.given_up, missing.recovered)

    def take_down(self, down: DownTrack) -> None:
        """Count what a down track has carried."""
        self.down[down.track.kind].take(down.packets, down.octets, down.lost, down.resent)

    def merge(self, other: Flows) -> None:
        """Count what another one has counted."""
        for mine, theirs in ((self.up, other.up), (self.down, other.down)):
            for kind, flow in theirs.items():
                mine[kind].take(flow.packets, flow.octets, flow.lost, flow.repaired)

    def __iter__(self) -> Iterator[tuple[str, Kind, Flow]]:
        """Give direction, kind and counters."""
        for direction, flows in (("in", self.up), ("out", self.down)):
            for kind, flow in flows.items():
                yield direction, kind, flow
