"""How much of a worker's time goes into session descriptions: where many have to change at once, clients take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.3
"""Of the time; the rest is for packets. 200 people in one room need 50 ms each for a change that all must hear of."""
BURST_S = 0.5


class Pace:
    """What all connections of a worker share: time that comes in evenly, and is spent in advance."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._left_s = BURST_S
        self._then = clock()

    @property
    def is_free(self) -> bool:
        """Tell whether there is time left; what was overspent has to come in first."""
        now = self.clock()
        self._left_s = min(BURST_S, self._left_s + (now - self._then) * SHARE)
        self._then = now
        return self._left_s > 0

    def spend(self, cost_s: float) -> None:
        """Take time, more than is left if need be."""
        self._left_s -= cost_s

    @contextmanager
    def charged(self) -> Iterator[None]:
        """Spend what something takes."""
        began = self.clock()
        yield
        self.spend(self.clock() - began)


class Turn:
    """One connection's turn to negotiate; what it costs is what it did the last time, and the first time is free."""

    __slots__ = ("_cost_s", "_pace", "came_at", "waits")

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._cost_s = 0.0
        self.waits = False
        self.came_at = float("-inf")

    def comes(self) -> bool:
        """Tell whether to negotiate now; otherwise it `waits`, and asks again a few times a second."""
        self.waits = self._cost_s > 0 and not self._pace.is_free
        if not self.waits:
            self._pace.spend(self._cost_s)
            self.came_at = self._pace.clock()
        return not self.waits

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what a negotiation costs."""
        began = self._pace.clock()
        yield
        self._cost_s = self._pace.clock() - began
