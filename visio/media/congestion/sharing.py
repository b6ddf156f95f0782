"""One connection's pictures over time: what they get of its budget, and how much would have to be proved for more."""

from __future__ import annotations

from collections.abc import Sequence

from visio.media.congestion.allocation import Budget, Demand, allocate

MARGIN = 1.1  # better pictures must fit with so much to spare; those that are there need not
CAUTION, MOST_CAUTION = 1.25, 2.0  # the margin grows by the one with each failure, up to the other
FAILURE_S = 8.0  # who has to go down so soon after going up should not have gone up
FORGET_S, LONGEST_S = 20.0, 300.0  # it shrinks again after the one, doubled with each failure up to the other
OTHER = 1.3  # a path that carries so much more or less than at the failure is another one
FRESH = 0.2  # of the budget, for better pictures in one round: their key frames then wait for less than 0.1 s


class Sharing:
    """Shares out a budget again and again."""

    __slots__ = ("_caution", "_failed_at", "_failed_bps", "_forget_s", "_raised_at", "wanted_bps")

    def __init__(self) -> None:
        self._caution = 1.0
        self._failed_at = self._failed_bps = 0.0
        self._forget_s = FORGET_S
        self._raised_at = float("-inf")
        self.wanted_bps = 0.0  # what would have to be proved for everything that is wanted; 0 when nothing is lacking

    def share(
        self, budget_bps: float, sound_bps: float, demands: Sequence[Demand], now: float, *, calm: bool, draining: bool
    ) -> list[int]:
        """Return the place of each demand's layer; sound has been served before. Pictures get better in `calm` only.

        What is given up while a queue is `draining` is not lost for long.
        """
        margin = MARGIN * self._caution
        fresh_bps = budget_bps * FRESH if calm else 0.0
        places = allocate(Budget(budget_bps - sound_bps, budget_bps / margin - sound_bps, fresh_bps), demands)
        if not draining:
            self._learn(budget_bps, demands, places, now)
        self.wanted_bps = _wanted_bps(demands, places, sound_bps, margin)
        return places

    def _learn(self, budget_bps: float, demands: Sequence[Demand], places: Sequence[int], now: float) -> None:
        fell = any(place < demand.current for demand, place in zip(demands, places, strict=True))
        rose = any(place > demand.current for demand, place in zip(demands, places, strict=True))
        if fell and not rose:  # what makes room for something more important is no failure
            if now - self._raised_at < FAILURE_S:
                self._caution = min(self._caution * CAUTION, MOST_CAUTION)
                self._forget_s = min(self._forget_s * 2, LONGEST_S)
                self._failed_at, self._failed_bps = now, budget_bps
        elif not self._failed_bps / OTHER < budget_bps < self._failed_bps * OTHER:
            self._caution, self._forget_s = 1.0, FORGET_S
        elif now - self._failed_at > self._forget_s:
            self._caution, self._failed_at = max(1.0, self._caution / CAUTION), now
        if rose:
            self._raised_at = now


def _wanted_bps(demands: Sequence[Demand], places: Sequence[int], sound_bps: float, margin: float) -> float:
    """Return what everything would take, 0 when everybody has what is wanted."""
    if all(place + 1 == len(demand.rates_bps) for demand, place in zip(demands, places, strict=True)):
        return 0.0
    return (sum(demand.rates_bps[-1] for demand in demands) + sound_bps) * margin * MARGIN
