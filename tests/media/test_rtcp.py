"""Compound packets and reports."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from visio.media import rtcp
from visio.media.rtcp import ReportBlock, SenderReport

REPORT = SenderReport(ssrc=1, ntp=2**63 + 5, timestamp=3, packets=4, octets=5)
BLOCK = ReportBlock(ssrc=1, fraction_lost=64, total_lost=-2, highest=70000, jitter=9, last_report=10, delay=11)


def test_a_sender_report_comes_back() -> None:
    (item,) = rtcp.read(rtcp.write_sender_report(REPORT))
    assert rtcp.read_sender_report(item) == REPORT
    assert rtcp.read_blocks(item) == []


def test_a_receiver_report_comes_back() -> None:
    (item,) = rtcp.read(rtcp.write_receiver_report(7, [BLOCK, replace(BLOCK, ssrc=2)]))
    assert rtcp.read_blocks(item) == [BLOCK, replace(BLOCK, ssrc=2)]


def test_a_loss_beyond_24_bits_is_capped() -> None:
    (item,) = rtcp.read(rtcp.write_receiver_report(7, [replace(BLOCK, total_lost=1 << 30)]))
    assert rtcp.read_blocks(item)[0].total_lost == (1 << 23) - 1


def test_a_description_is_whole_words() -> None:
    for name in ("", "a", "ab", "abc", "é" * 200):
        (item,) = rtcp.read(rtcp.write_description(1, name))
        assert item.kind == rtcp.SOURCE_DESCRIPTION
        assert item.body[4] == 1
        assert item.body[6 + item.body[5]] == 0


def test_a_datagram_of_many_packets_is_read_in_part() -> None:
    goodbye = rtcp.write(rtcp.GOODBYE, 0, b"")
    assert len(list(rtcp.read(goodbye * 300))) == rtcp.ITEMS_MAX


def test_goodbye_names_its_sources() -> None:
    (item,) = rtcp.read(rtcp.write(rtcp.GOODBYE, 2, b"\0\0\0\1\0\0\0\2"))
    assert rtcp.read_goodbye(item) == [1, 2]


def test_a_compound_is_read_up_to_what_is_broken() -> None:
    good = rtcp.write_sender_report(REPORT)
    assert [item.kind for item in rtcp.read(good + good + good[:20])] == [200, 200]


def test_padding_is_taken_off() -> None:
    data = b"\xa1\xcb\x00\x02" + b"\0\0\0\1" + b"\0\0\0\4"
    (item,) = rtcp.read(data)
    assert item.body == b"\0\0\0\1"


def test_bundle_fills_datagrams_in_order() -> None:
    datagrams = list(rtcp.bundle([b"a" * 700, b"b" * 500, b"c" * 4]))
    assert datagrams == [b"a" * 700 + b"b" * 500, b"cccc"]
    assert list(rtcp.bundle([])) == []


@given(st.binary(max_size=120), st.integers(0, 31), st.integers(192, 223))
def test_any_bytes_are_read(body: bytes, count: int, kind: int) -> None:
    for data in (body, rtcp.write(kind, count, body)):
        for item in rtcp.read(data):
            rtcp.read_sender_report(item)
            rtcp.read_blocks(item)
            rtcp.read_goodbye(item)
