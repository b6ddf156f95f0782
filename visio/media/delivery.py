"""Sending of subscribed tracks through the sections of one peer connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from visio.media.negotiation import Negotiated, Sending
from visio.media.numbers import new_ssrc
from visio.media.peer import Peer
from visio.media.slots import SlotTable, Wanted
from visio.media.subscription import Subscription


class Delivery:
    """The table of sections and the down tracks that fill them."""

    def __init__(self, peer: Peer, *, reuse: bool) -> None:
        self.peer = peer
        self.table = SlotTable(_fresh, reuse=reuse)

    def trim(self, active: Mapping[str, Subscription]) -> bool:
        """Empty the sections of tracks that are not wanted any more; tell whether there were any."""
        return self.table.release([item.describe() for item in active.values()])

    def start(
        self, settled: Iterable[Negotiated], active: Mapping[str, Subscription], now: float
    ) -> list[Subscription]:
        """Send what was settled; give the subscriptions that begin."""
        tracks = self.table.tracks()
        begun = []
        for section in settled:
            subscription = active.get(tracks.get(section.mid, ""))
            version = subscription.version if subscription is not None else None
            if section.down is None or subscription is None or version is None or version.up is None:
                continue
            if subscription.down is not None and subscription.down.section.ssrc == section.down.ssrc:
                continue
            self.stop(subscription)
            subscription.down = self.peer.down.add(version.up, section.down, now)
            subscription.apply(now)
            begun.append(subscription)
        return begun

    def stop(self, subscription: Subscription) -> None:
        """Send nothing more of a track."""
        if subscription.down is not None:
            self.peer.down.remove(subscription.down)
            subscription.down = None


def _fresh(wanted: Wanted) -> Sending:
    """Describe a delivery; each has SSRCs of its own (trap T16)."""
    publisher = wanted.stream.partition("|")[0]
    ssrc = new_ssrc()
    rtx_ssrc = new_ssrc((ssrc,)) if wanted.kind == "video" else None
    return Sending(wanted.stream, wanted.track, ssrc, publisher, rtx_ssrc, wanted.format)
