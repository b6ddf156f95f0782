"""How busy a worker is, from counters and a clock made up."""

from __future__ import annotations

import pytest

from visio.media.burden import Burden


def _after(seconds: int, *, cpu: float, packets: int) -> Burden:
    burden = Burden(0.0, 10.0)
    for second in range(1, seconds + 1):
        burden.sample(float(second), 10.0 + cpu * second, packets * second)
    return burden


def test_a_steady_rate_is_found_within_seconds() -> None:
    burden = _after(6, cpu=0.4, packets=500)
    assert burden.load == pytest.approx(0.4, rel=0.05)
    assert burden.packets_per_s == pytest.approx(500, rel=0.05)


def test_one_busy_second_does_not_decide() -> None:
    burden = _after(10, cpu=0.1, packets=0)
    burden.sample(11.0, 10.0 + 1.0 + 1.0, 0)
    assert burden.load < 0.6


def test_packets_of_tracks_that_ended_do_not_count_backwards() -> None:
    burden = _after(2, cpu=0.1, packets=1_000)
    burden.sample(3.0, 10.3, 0)
    assert burden.packets_per_s >= 0
    burden.sample(4.0, 10.4, 400)
    assert burden.packets_per_s > 0
