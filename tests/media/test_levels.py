"""Loudness of one track."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visio.media import levels
from visio.media.levels import LevelMeter


def test_loud_time_and_amplitude() -> None:
    meter = LevelMeter(48000)
    for n in range(11):
        meter.add(-20, n * 960)
    loud_s, amplitude = meter.take()
    assert (loud_s, amplitude) == pytest.approx((0.2, 0.1))
    assert meter.take() == (0.0, 0.0)


def test_quiet_packets_count_nothing() -> None:
    meter = LevelMeter(48000)
    for n in range(11):
        meter.add(-36, n * 960)
    assert meter.take() == (0.0, 0.0)


def test_a_pause_counts_as_one_packet() -> None:
    meter = LevelMeter(48000)
    meter.add(0, 0)
    meter.add(0, 480000)
    assert meter.take()[0] == levels.MAX_PACKET_S


def test_the_level_is_in_the_low_seven_bits() -> None:
    assert [levels.dbov(element) for element in (b"\x94", b"\x14", b"", None)] == [-20, -20, None, None]


@given(st.lists(st.tuples(st.integers(-127, 0), st.integers(0, 0xFFFFFFFF))))
def test_any_levels_are_counted(packets: list[tuple[int, int]]) -> None:
    meter = LevelMeter(48000)
    for level, timestamp in packets:
        meter.add(level, timestamp)
    loud_s, amplitude = meter.take()
    assert loud_s >= 0
    assert 0 <= amplitude <= 1.0001
