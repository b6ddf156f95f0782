"""VP8 payload descriptors."""

from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import read, vp8
from visio.media.rtp import Packet
from visio.media.vp8 import NO_LEVEL, Vp8

CODEC = Vp8()


def inspected(payload: bytes) -> Packet:
    packet = read(streams_of.packet(payload))
    CODEC.inspect(packet)
    return packet


def test_a_key_frame_starts_where_its_first_partition_starts() -> None:
    assert inspected(vp8(1, 1, key=True)).switch_point
    assert not inspected(vp8(1, 1)).switch_point
    assert not inspected(vp8(1, 1, key=True, start=False)).switch_point
    assert inspected(b"\x10\x00frame").switch_point
    assert not inspected(b"\x11\x00frame").switch_point


def test_numbers_are_found() -> None:
    assert inspected(vp8(0x1234, 200)).numbers == (0x1234, 200, 2)
    assert inspected(b"\x90\x80\x05\x00").numbers == (5, NO_LEVEL, 1)
    assert inspected(b"\x90\x40\x07\x00").numbers == (0, 7, 0)
    assert inspected(b"\x10\x00").numbers is None


def test_a_shifted_payload_keeps_all_but_the_numbers() -> None:
    before = vp8(0x7FFF, 255, key=True)
    assert CODEC.rewrite(inspected(before), (2, 3)) == vp8(1, 2, key=True)


def test_short_picture_ids_stay_short() -> None:
    assert CODEC.rewrite(inspected(b"\x90\x80\x7f\x00rest"), (1, 0)) == b"\x90\x80\x00\x00rest"


def test_a_payload_without_numbers_is_left_alone() -> None:
    assert CODEC.rewrite(inspected(b"\x10\x00rest"), (1, 1)) == b"\x10\x00rest"


def test_a_switch_goes_on_with_the_next_numbers() -> None:
    last, first = inspected(vp8(10, 20)), inspected(vp8(500, 90, key=True))
    shift = CODEC.shift(last, (5, 6), first)
    assert CODEC.rewrite(first, shift) == vp8(16, 27, key=True)


def test_without_numbers_nothing_is_shifted_further() -> None:
    assert CODEC.shift(inspected(b"\x10\x00"), (5, 6), inspected(vp8(1, 1))) == (5, 6)


@given(st.binary(max_size=12), st.integers(-70000, 70000), st.integers(-600, 600))
def test_any_payload_keeps_its_length(payload: bytes, picture: int, level: int) -> None:
    assert len(CODEC.rewrite(inspected(payload), (picture, level))) == len(payload)


@given(st.integers(0, 0x7FFF), st.integers(0, 255), st.integers(-70000, 70000))
def test_shifting_there_and_back_changes_nothing(picture: int, level: int, by: int) -> None:
    there = CODEC.rewrite(inspected(vp8(picture, level)), (by, by))
    assert CODEC.rewrite(inspected(there), (-by, -by)) == vp8(picture, level)
