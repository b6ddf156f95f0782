"""Feedback packets."""

from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from visio.media import feedback, rtcp
from visio.media.rtcp import Item


def only(data: bytes) -> Item:
    (item,) = rtcp.read(data)
    return item


@given(st.sets(st.integers(65000, 66000), min_size=1, max_size=60))
def test_a_nack_comes_back_across_the_wrap(lost: set[int]) -> None:
    item = only(feedback.write_nack(1, 2, sorted(lost)))
    assert (item.kind, item.count, feedback.media_source(item)) == (feedback.TRANSPORT, feedback.NACK, 2)
    assert list(feedback.read_nack(item, 65500)) == sorted(lost)


def test_a_burst_takes_one_pair_for_17_packets() -> None:
    assert len(only(feedback.write_nack(1, 2, range(17))).body) == 12


def test_a_nack_names_a_bounded_number_of_packets() -> None:
    item = only(rtcp.write(feedback.TRANSPORT, feedback.NACK, bytes(8) + b"\xff" * 4000))
    assert len(list(feedback.read_nack(item, 0))) == feedback.MAX_PAIRS * 17


def test_a_pli_is_about_its_source() -> None:
    item = only(feedback.write_pli(1, 2))
    assert (item.kind, item.count, feedback.media_source(item)) == (feedback.PAYLOAD, feedback.PLI, 2)


def test_a_fir_names_its_sources() -> None:
    assert feedback.read_fir(only(streams_of.fir(2))) == [2]


@given(st.binary(max_size=80))
def test_any_body_is_read(body: bytes) -> None:
    item = Item(206, 15, body)
    feedback.media_source(item)
    feedback.read_fir(item)
    list(feedback.read_nack(item, 0))
