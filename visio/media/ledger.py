"""What a worker has carried, refused and seen come and go since its start; who left is counted too."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable

from visio.media.flows import Flows
from visio.media.histogram import Histogram
from visio.media.peer import Peer

JOIN_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Ledger:
    """Rooms write into it when something ends; living peers are added when somebody asks."""

    def __init__(self) -> None:
        self.flows = Flows()
        self.troubles: Counter[str] = Counter()
        self.feedback: Counter[str] = Counter()
        self.data: Counter[str] = Counter()
        self.joins = 0
        self.join_s = Histogram(JOIN_S)
        self.departures: Counter[int] = Counter()

    def take(self, peer: Peer) -> None:
        """Count what went over a peer connection."""
        peer.up.count(self.flows)
        peer.down.count(self.flows)
        self.troubles.update(peer.transport.counters)
        self.troubles.update(malformed=peer.up.malformed, unbound=peer.up.unbound, resend_refused=peer.down.refused)
        self.feedback.update(nacks_sent=peer.up.back.nacks, plis_sent=peer.up.back.plis)
        self.feedback.update(nacks_received=peer.down.nacks, plis_received=peer.down.plis)

    def with_living(self, peers: Iterable[Peer]) -> Ledger:
        """Give a ledger of everything until now: what has ended and what goes on over these peers."""
        whole = copy.copy(self)
        whole.flows = Flows()
        whole.flows.merge(self.flows)
        whole.troubles, whole.feedback = self.troubles.copy(), self.feedback.copy()
        whole.data, whole.departures = self.data.copy(), self.departures.copy()
        for peer in peers:
            whole.take(peer)
        return whole
