"""Transport-wide feedback packets."""

from hypothesis import given
from hypothesis import strategies as st

from visio.media import rtcp
from visio.media.transport_feedback import Feedback, read_feedback, write_feedback


def round_trip(feedback: Feedback) -> Feedback:
    data, covered = write_feedback(1, 2, feedback)
    assert covered == len(feedback.arrivals)
    (item,) = rtcp.read(data)
    read = read_feedback(item)
    assert read is not None
    return read


def test_a_packet_from_the_draft_is_written() -> None:
    data, _ = write_feedback(1, 2, Feedback(base=0x0A0B, count=3, arrivals=(256, None, 266)))
    assert data.hex(" ", 4) == "8fcd0005 00000001 00000002 0a0b0003 00000103 d100000a"


@given(st.lists(st.none() | st.integers(1000, 30000), min_size=1, max_size=300))
def test_any_pattern_comes_back(arrivals: list[int | None]) -> None:
    feedback = Feedback(base=65500, count=255, arrivals=tuple(arrivals))
    assert round_trip(feedback) == feedback


def test_long_runs_are_short() -> None:
    data, _ = write_feedback(1, 2, Feedback(0, 0, (0, *[None] * 2000, 0)))
    assert len(data) < 40


def test_it_stops_before_a_delta_that_does_not_fit() -> None:
    _, covered = write_feedback(1, 2, Feedback(0, 0, (0, None, 32768)))
    assert covered == 2


def test_vectors_of_one_bit_symbols_are_read() -> None:
    body = bytes.fromhex("00000001000000020000000e0000000080030102")
    item = rtcp.Item(205, 15, body)
    read = read_feedback(item)
    assert read is not None
    assert read.arrivals == (*[None] * 12, 1, 3)


@given(st.binary(max_size=60))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    read_feedback(rtcp.Item(205, 15, body))
