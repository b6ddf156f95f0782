"""The choice among simulcast layers."""

from dataclasses import dataclass

import pytest

from visio.media import layers
from visio.media.layers import HIGH, LOW, MEDIUM, choose, rank_for_width, rank_of


@dataclass
class Layer:
    rank: int
    last_packet: float = 10.0
    fps: float = 0.0
    temporal: int = layers.TEMPORAL - 1

    @property
    def grade(self) -> int:
        return layers.grade(self.rank, self.temporal)


Q, H, F = Layer(LOW), Layer(MEDIUM), Layer(HIGH)


@pytest.mark.parametrize(
    ("there", "rank", "expected"),
    [
        ([Q, H, F], HIGH, F),
        ([Q, H, F], MEDIUM, H),
        ([Q, H], HIGH, H),
        ([F], LOW, F),
        ([H, F], LOW, H),
        ([], HIGH, None),
    ],
)
def test_the_best_layer_up_to_the_wish(there: list[Layer], rank: int, expected: Layer | None) -> None:
    assert choose(there, layers.grade(rank)) is expected


@pytest.mark.parametrize(("fps", "expected"), [(30, 2), (16, 1), (15, 1), (5, 0), (0, 2)])
def test_no_more_frames_than_wanted(fps: float, expected: int) -> None:
    rates = [Layer(HIGH, fps=rate, temporal=place) for place, rate in enumerate((7.5, 15.0, 30.0))]
    assert choose([Q, *rates], layers.ALL, fps) is rates[expected]


def test_a_grade_limits_the_frame_rate_too() -> None:
    rates = [Layer(HIGH, temporal=place) for place in range(3)]
    assert choose([Q, *rates], layers.grade(HIGH, 1)) is rates[1]


def test_a_layer_that_fell_silent_is_left() -> None:
    stale = Layer(HIGH, 10.0 - layers.FRESH_S - 0.1)
    assert choose([Q, H, stale], layers.ALL) is H
    assert choose([Q, H, stale], layers.grade(LOW)) is Q


def test_when_all_fell_silent_nothing_changes() -> None:
    assert choose([Layer(LOW, 1.0), last := Layer(HIGH, 1.0)], layers.ALL) is last


@pytest.mark.parametrize(
    ("rid", "position", "expected"), [("q", 2, LOW), ("f", 0, HIGH), ("", 0, HIGH), ("1", 1, MEDIUM), ("x", 5, HIGH)]
)
def test_ranks(rid: str, position: int, expected: int) -> None:
    assert rank_of(rid, position) == expected


@pytest.mark.parametrize(("width", "expected"), [(100, LOW), (320, LOW), (321, MEDIUM), (1280, HIGH), (5000, HIGH)])
def test_the_smallest_picture_that_is_wide_enough(width: int, expected: int) -> None:
    assert rank_for_width((320, 640, 1280), width) == expected


def test_unknown_widths_give_the_best() -> None:
    assert rank_for_width((), 100) == HIGH
