"""What is told to a publisher."""

from tests.media.streams_of import Sink
from visio.media import feedback, rtcp
from visio.media.backchannel import Backchannel
from visio.media.rtcp import ReportBlock


def test_parts_are_sent_together() -> None:
    sink = Sink()
    back = Backchannel(sink)
    back.send(back.nack(5, [1]), back.pli(5))
    assert len(sink.rtcp) == 1
    assert [feedback.media_source(item) for item in rtcp.read(sink.rtcp[0])] == [5, 5]


def test_nothing_to_tell_sends_nothing() -> None:
    sink = Sink()
    Backchannel(sink).send()
    assert sink.rtcp == []


def test_more_streams_than_a_report_holds_make_two() -> None:
    block = ReportBlock(1, 0, 0, 0, 0, 0, 0)
    reports = Backchannel(Sink()).reports([block] * (rtcp.MAX_BLOCKS + 1))
    counts = [item.count for data in reports for item in rtcp.read(data) if item.kind == rtcp.RECEIVER_REPORT]
    assert counts == [rtcp.MAX_BLOCKS, 1]
