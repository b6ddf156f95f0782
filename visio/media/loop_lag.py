"""How late the event loop comes to what is due: the sign of a worker that has too much to do."""

from __future__ import annotations

from visio.media.histogram import Histogram

BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
FADING = 0.98
"""A peak is down to a third after 55 measurements, about three seconds."""


class LoopLag:
    """Follows by how many seconds the worker's clock ticks late."""

    __slots__ = ("histogram", "recent_s")

    def __init__(self) -> None:
        self.histogram = Histogram(BOUNDS_S)
        self.recent_s = 0.0

    def add(self, late_s: float) -> None:
        """Take a measurement."""
        late_s = max(0.0, late_s)
        self.histogram.add(late_s)
        self.recent_s = max(late_s, FADING * self.recent_s)
