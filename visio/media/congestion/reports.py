"""How much may be sent to a receiver that tells nothing but its loss, in receiver reports."""

from __future__ import annotations

from visio.media.congestion.estimate import CONGESTIVE_LOSS

PATIENCE_S = 3.0  # reports come each second or so, and tell of what was sent before
LITTLE_LOSS = 0.05
GROWTH = 1.5
LEAST_BPS = 100_000  # from here it finds its way back soon
FREE = 3.0  # a budget so many times what is sent limits nothing


class ReportedLoss:
    """`bps` is None while nothing has to be limited."""

    __slots__ = ("_changed", "bps")

    def __init__(self) -> None:
        self.bps: float | None = None
        self._changed = 0.0

    def take(self, lost: float, sent_bps: float, now: float) -> None:
        """Follow the share of packets that are reported as lost of what is sent."""
        if now - self._changed < PATIENCE_S:
            return
        if lost > CONGESTIVE_LOSS:
            self.bps = max(LEAST_BPS, sent_bps * (1 - lost))
        elif lost < LITTLE_LOSS and self.bps is not None:
            self.bps = max(self.bps, sent_bps) * GROWTH
            self.bps = None if self.bps > FREE * sent_bps > 0 else self.bps
        else:
            return
        self._changed = now
