"""One peer connection's sending side."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import DOWN, DOWN_RTX, VIDEO, Layer, Sink
from visio.media import down_leg, feedback, rtcp
from visio.media.congestion.control import CongestionControl
from visio.media.down_leg import DownLeg
from visio.media.down_track import DownTrack
from visio.media.key_frames import ASKED_BURST, ASKED_PER_S
from visio.media.rtcp import ReportBlock, SenderReport
from visio.media.sections import DownSection
from visio.media.transport_feedback import Feedback, write_feedback
from visio.media.up_leg import UpLeg


class Call:
    """A publisher of one video and its subscriber."""

    def __init__(self, section: DownSection = DOWN) -> None:
        self.up_sink, self.sink = Sink(), Sink()
        self.up = UpLeg(self.up_sink)
        self.track = self.up.add(VIDEO)
        self.leg = DownLeg(self.sink)
        self.down: DownTrack = self.leg.add(self.track, section, 0.0)
        self.layer = Layer("", 600, section=VIDEO)

    def frames(self, number: int, start: float = 1.0) -> None:
        """Let the publisher send some frames, the first one a key frame."""
        for n in range(number):
            for data in self.layer.frame(key=n == 0):
                self.up.receive_rtp(data, start + n / 30)

    def nack(self, *sent: int) -> None:
        """Ask again for packets by their place in what was sent."""
        lost = [streams_of.read(self.sink.rtp[place]).sequence for place in sent]
        self.leg.receive_rtcp(feedback.write_nack(1, 9000, lost), 2.0)


def test_a_nack_is_served_on_the_same_ssrc() -> None:
    call = Call()
    call.frames(3)
    call.nack(1, 4)
    assert [call.sink.rtp[6], call.sink.rtp[7]] == [call.sink.rtp[1], call.sink.rtp[4]]


def test_a_nack_is_served_on_the_repair_ssrc() -> None:
    call = Call(DOWN_RTX)
    call.frames(3)
    call.nack(1, 4)
    first, original = streams_of.read(call.sink.rtp[6]), streams_of.read(call.sink.rtp[1])
    assert (first.ssrc, first.payload_type, first.timestamp) == (9001, 102, original.timestamp)
    assert first.payload == pack("!H", original.sequence) + original.payload
    assert streams_of.read(call.sink.rtp[7]).sequence == first.sequence + 1


def test_what_is_not_cached_is_refused() -> None:
    call = Call()
    call.frames(2)
    call.leg.receive_rtcp(feedback.write_nack(1, 9000, [streams_of.read(call.sink.rtp[0]).sequence - 1]), 2.0)
    call.leg.receive_rtcp(feedback.write_nack(1, 9000, [streams_of.read(call.sink.rtp[3]).sequence + 1]), 2.0)
    assert (len(call.sink.rtp), call.leg.refused) == (4, 2)


def test_resending_is_bounded() -> None:
    call = Call()
    call.frames(2)
    for _ in range(200):
        call.nack(0)
    assert len(call.sink.rtp) == 4 + down_leg.RESENT_PER_TICK
    call.leg.tick(2.1)
    call.nack(0)
    assert len(call.sink.rtp) == 5 + down_leg.RESENT_PER_TICK


def test_asking_for_what_is_not_there_uses_up_the_same_budget() -> None:
    call = Call()
    call.frames(2)
    before = streams_of.read(call.sink.rtp[0]).sequence
    for n in range(down_leg.RESENT_PER_TICK):
        call.leg.receive_rtcp(feedback.write_nack(1, 9000, [before - 1 - n]), 2.0)
    call.nack(0)
    assert (len(call.sink.rtp), call.leg.refused) == (4, down_leg.RESENT_PER_TICK + 1)
    call.leg.tick(2.1)
    call.nack(0)
    assert len(call.sink.rtp) == 5


def test_few_reports_on_arrivals_are_read_of_one_datagram(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Feedback] = []
    call = Call()
    monkeypatch.setattr(CongestionControl, "take", lambda _self, report, _now: taken.append(report))
    report, _ = write_feedback(1, 9000, Feedback(7, 0, (4, None, 5)))
    call.leg.receive_rtcp(report * 20, 2.0)
    assert len(taken) == down_leg.ARRIVALS_MAX
    call.leg.receive_rtcp(report, 2.0)
    assert len(taken) == down_leg.ARRIVALS_MAX + 1


def test_key_frame_requests_reach_the_publisher_throttled() -> None:
    call = Call()
    call.frames(2)
    for n in range(10):
        call.leg.receive_rtcp(feedback.write_pli(1, 9000) + streams_of.fir(9000), 2.0 + n * 0.01)
    (pli,) = call.up_sink.items(feedback.PAYLOAD, feedback.PLI)
    assert feedback.media_source(pli) == 600


def test_a_subscriber_that_never_stops_asking_is_left_out() -> None:
    """Each key frame is answered with the wish for another; others would get them too."""
    call = Call()
    asked: list[int] = []
    for n in range(120):
        now = 2.0 + n / 2
        for data in call.layer.frame(key=True):
            call.up.receive_rtp(data, now)
        call.leg.receive_rtcp(feedback.write_pli(1, 9000) + streams_of.fir(9000), now + 0.4)
        asked.append(len(call.up_sink.items(feedback.PAYLOAD, feedback.PLI)))
    assert asked[15] >= ASKED_BURST
    assert asked[-1] <= ASKED_BURST + 60 * ASKED_PER_S + 1


def test_sender_reports_are_translated() -> None:
    call = Call()
    call.up.receive_rtcp(rtcp.write_sender_report(SenderReport(600, 5 << 32, 3000, 0, 0)), 1.0)
    call.frames(2)
    call.up.receive_rtcp(rtcp.write_sender_report(SenderReport(600, 5 << 32, 3000, 0, 0)), 1.0)
    call.leg.tick(2.0)
    (item,) = call.sink.items(rtcp.SENDER_REPORT)
    octets = sum(len(packet.payload) for packet in call.sink.packets())
    assert rtcp.read_sender_report(item) == SenderReport(9000, 6 << 32, 93000, 4, octets)
    (description,) = call.sink.items(rtcp.SOURCE_DESCRIPTION)
    assert b"PA_x" in description.body


def test_no_report_without_the_publishers_or_without_packets() -> None:
    call = Call()
    call.frames(1)
    call.leg.tick(2.0)
    call.up.receive_rtcp(rtcp.write_sender_report(SenderReport(600, 5 << 32, 3000, 0, 0)), 2.0)
    call.leg.tick(3.0)
    call.leg.tick(4.0)
    assert len(call.sink.items(rtcp.SENDER_REPORT)) == 1


def test_receiver_reports_tell_loss_and_round_trip_time() -> None:
    call = Call()
    call.frames(1)
    call.up.receive_rtcp(rtcp.write_sender_report(SenderReport(600, 5 << 32, 3000, 0, 0)), 2.0)
    call.leg.tick(2.0)
    block = ReportBlock(9000, 64, 1, 1, 9, last_report=5 << 16, delay=1 << 15)
    call.leg.receive_rtcp(rtcp.write_receiver_report(1, [block]), 2.75)
    assert (call.down.fraction_lost, call.down.jitter, call.down.rtt_s) == (64, 9, 0.25)


def test_a_removed_track_gets_nothing() -> None:
    call = Call()
    call.frames(1)
    call.leg.remove(call.down)
    call.frames(1, 2.0)
    assert len(call.sink.rtp) == 2
    assert call.track.down_tracks == set()
    assert call.track.layers[0].listeners == ()


def test_it_describes_itself() -> None:
    call = Call()
    call.frames(1)
    tracks = call.leg.dump()["tracks"]
    assert isinstance(tracks, list)
    assert (tracks[0]["packets"], tracks[0]["layer"]) == (2, "")


@given(st.lists(st.tuples(st.sampled_from(range(198, 208)), st.integers(0, 31), st.binary(max_size=60)), max_size=20))
def test_any_bytes_are_taken(items: list[tuple[int, int, bytes]]) -> None:
    call = Call(DOWN_RTX)
    call.frames(2)
    for kind, count, body in items:
        for data in (body, rtcp.write(kind, count, body), rtcp.write(kind, count, pack("!II", 1, 9000) + body)):
            call.leg.receive_rtcp(data, 2.0)
    call.leg.tick(3.0)
