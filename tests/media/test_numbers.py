"""First numbers of what is sent."""

from visio.media import numbers


def test_a_new_ssrc_is_not_taken() -> None:
    class AllButOne:
        def __init__(self) -> None:
            self.asked = 0

        def __contains__(self, ssrc: object) -> bool:
            self.asked += 1
            return self.asked < 4

    taken = AllButOne()
    assert 0 < numbers.new_ssrc(taken) < 1 << 32
    assert taken.asked == 4


def test_the_first_sequence_number_is_far_from_the_wrap() -> None:
    assert all(0 <= numbers.first_sequence() < 1 << 15 for _ in range(200))
