"""Header extension elements."""

from hypothesis import given
from hypothesis import strategies as st

from visio.media.extensions import read_elements


def test_one_byte_elements() -> None:
    assert read_elements(0xBEDE, b"\x10a\x00\x21bc\x00") == {1: b"a", 2: b"bc"}


def test_two_byte_elements() -> None:
    assert read_elements(0x1000, b"\x01\x01a\x00\x14\x00\x00\x00") == {1: b"a", 20: b""}


def test_id_fifteen_ends_the_list() -> None:
    assert read_elements(0xBEDE, b"\x10a\xf0x\x20b") == {1: b"a"}


def test_an_element_that_is_cut_off_is_left_out() -> None:
    assert read_elements(0xBEDE, b"\x10a\x27bc") == {1: b"a"}
    assert read_elements(0x1000, b"\x01\x01a\x02\x09b") == {1: b"a"}


def test_padding_with_a_length_ends_the_list() -> None:
    assert read_elements(0xBEDE, b"\x10a\x01\x00\x00\x20b") == {1: b"a"}


def test_other_profiles_have_no_elements() -> None:
    assert read_elements(0x1234, b"\x10a") == {}


@given(st.sampled_from([0xBEDE, 0x1000, 0x100F, 0]), st.binary(max_size=64))
def test_any_bytes_are_read(profile: int, block: bytes) -> None:
    assert all(0 < number < 256 for number in read_elements(profile, block))
