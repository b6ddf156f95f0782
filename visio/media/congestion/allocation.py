"""Who gets how much of what a connection carries: pure, by priority, without going to and fro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

PAUSED = -1


@dataclass(frozen=True, slots=True)
class Demand:
    """A picture that is wanted: the rates of its layers in bits per second, small to large, up to the wanted one.

    `current` is the place of the layer it has now, `PAUSED` without one.
    """

    priority: int
    rates_bps: tuple[float, ...]
    current: int = PAUSED

    def rate(self, place: int) -> float:
        """Return the rate of a layer."""
        return 0.0 if place == PAUSED else self.rates_bps[place]


class Budget(NamedTuple):
    """What all pictures may take together: with those that they have, and with better ones.

    Every better picture begins with a key frame; `fresh_bps` is what those of one round may take, the first excepted.
    """

    keep_bps: float
    raise_bps: float
    fresh_bps: float


def allocate(budget: Budget, demands: Sequence[Demand]) -> list[int]:
    """Return the place of each demand's layer, `PAUSED` for those that get none.

    Everybody's smallest picture comes before anybody's better one; within that, the higher priority first, then who has
    it already. Pictures of one priority grow in step.
    """
    return _Round(budget, demands).run()


class _Round:
    """One sharing out."""

    def __init__(self, budget: Budget, demands: Sequence[Demand]) -> None:
        self._budget, self._demands = budget, demands
        self._places = [PAUSED] * len(demands)
        self._spent = 0.0
        self._fresh = budget.fresh_bps

    def run(self) -> list[int]:
        demands = self._demands
        order = sorted(range(len(demands)), key=lambda n: (-demands[n].priority, -demands[n].current))
        shown = [number for number in order if self._grows(number)]
        for _, members in groupby(shown, key=lambda n: demands[n].priority):
            growing = list(members)
            while growing:
                growing = [number for number in growing if self._grows(number)]
        return self._places

    def _grows(self, number: int) -> bool:
        """Give a demand its next layer; False when it does not fit or there is none."""
        demand, place = self._demands[number], self._places[number] + 1
        if place >= len(demand.rates_bps):
            return False
        spent, better = self._spent + demand.rate(place) - demand.rate(place - 1), place > demand.current
        if spent > (self._budget.raise_bps if better else self._budget.keep_bps) or (better and self._fresh <= 0):
            return False
        if better:
            self._fresh -= demand.rate(place)
        self._places[number], self._spent = place, spent
        return True
