"""Counts of measurements by size, as Prometheus wants them."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    """Measurements counted up to each of the `bounds`, which ascend."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a measurement."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    @property
    def buckets(self) -> list[tuple[float, int]]:
        """Give each bound, infinity at last, with the number of measurements up to it."""
        return list(zip((*self._bounds, math.inf), accumulate(self._counts), strict=True))
