"""Wrap-around arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visio.media import serial


@pytest.mark.parametrize(("value", "near", "expected"), [(0, 65535, 65536), (65535, 65536, 65535), (5, 3, 5)])
def test_unwrap16_crosses_the_wrap_both_ways(value: int, near: int, expected: int) -> None:
    assert serial.unwrap16(value, near) == expected


@given(st.integers(0, 0xFFFF), st.integers(-(10**9), 10**9))
def test_unwrap16_is_the_nearest_number(value: int, near: int) -> None:
    number = serial.unwrap16(value, near)
    assert serial.low16(number) == value
    assert -0x8000 <= number - near < 0x8000


@pytest.mark.parametrize(("ahead", "behind", "expected"), [(1, 0xFFFFFFFF, 2), (0xFFFFFFFF, 1, -2), (7, 7, 0)])
def test_distance32_crosses_the_wrap(ahead: int, behind: int, expected: int) -> None:
    assert serial.distance32(ahead, behind) == expected


def test_middle32_is_the_middle_of_an_ntp_time() -> None:
    assert serial.middle32(0x11112222_33334444) == 0x22223333


def test_low_bits() -> None:
    lows = (serial.low7, serial.low8, serial.low15, serial.low16, serial.low24, serial.low32, serial.low64)
    assert [low(-1).bit_length() for low in lows] == [7, 8, 15, 16, 24, 32, 64]
