"""Who gets how much of what a connection carries: pure, by priority, without going to and fro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

PAUSED = -1
WHOLE = 2
"""From this priority on a picture is served as well as there is room before anybody with a lower one gets anything."""
LEAST_ASKED = 255


def rank(given: int, asked: int) -> int:
    """Return the priority of a picture: what the server has given, or above all that what a subscriber asks for.

    Of what is `asked` 1 is the highest, and 0 is nothing, as in LiveKit's `UpdateTrackSettings`.
    """
    return WHOLE + 1 + LEAST_ASKED - min(asked, LEAST_ASKED) if asked > 0 else given


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

    Pictures that are served whole, such as a shared screen, come first. Of the others everybody's smallest picture
    comes before anybody's better one. Within that, the higher priority first, then who has it already; pictures of
    one priority grow in step.
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
        whole = [number for number in order if demands[number].priority >= WHOLE]
        self._grow_by_priority(whole)
        self._grow_by_priority([number for number in order[len(whole) :] if self._grows(number)])
        return self._places

    def _grow_by_priority(self, numbers: Sequence[int]) -> None:
        for _, members in groupby(numbers, key=lambda n: self._demands[n].priority):
            self._grow(members)

    def _grow(self, numbers: Iterable[int]) -> None:
        """Let pictures become better in step, as long as there is room."""
        growing = list(numbers)
        while growing:
            growing = [number for number in growing if self._grows(number)]

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
