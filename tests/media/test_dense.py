"""Numbering without padding."""

from visio.media import dense
from visio.media.dense import DenseNumbers


def test_places_are_closed() -> None:
    numbers = DenseNumbers(10)
    numbers.skip(12)
    assert [numbers.index(n) for n in (10, 11, 13, 14)] == [10, 11, 12, 13]


def test_late_packets_get_the_number_of_their_time() -> None:
    numbers = DenseNumbers(10)
    numbers.skip(12)
    numbers.skip(15)
    assert [numbers.index(n) for n in (16, 14, 13, 11)] == [14, 13, 12, 11]


def test_what_was_before_all_that_is_remembered_has_no_number() -> None:
    numbers = DenseNumbers(10)
    for number in range(20, 20 + 2 * dense.MEMORY, 2):
        numbers.skip(number)
    assert numbers.index(15) is None
    assert numbers.index(9) is None


def test_places_taken_out_have_no_number() -> None:
    numbers = DenseNumbers(10)
    numbers.skip(14, 3)
    numbers.skip(15)
    assert [numbers.index(n) for n in range(10, 18)] == [10, 11, None, None, None, None, 12, 13]


def test_a_long_silence_is_one_place_in_memory() -> None:
    numbers = DenseNumbers(10)
    for number in range(12, 12 + 2 * dense.MEMORY):
        numbers.skip(number)
    assert [numbers.index(10), numbers.index(12 + 2 * dense.MEMORY)] == [10, 12]
