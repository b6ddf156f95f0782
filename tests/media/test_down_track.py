"""One track as one subscriber gets it."""

from itertools import pairwise

import pytest

from tests.media import streams_of
from tests.media.streams_of import AUDIO, DOWN, IDS, SIMULCAST, Layer, Sink
from visio.media import extensions, feedback, layers, rtcp, rtp
from visio.media.down_leg import DownLeg
from visio.media.down_track import DownTrack
from visio.media.reception import NTP_HZ
from visio.media.rtcp import SenderReport
from visio.media.rtp import Packet
from visio.media.sections import DownSection
from visio.media.serial import distance32, low16
from visio.media.up_leg import UpLeg
from visio.media.vp8 import Vp8


class Simulcast:
    """A publisher of three layers whose timestamps start at different places, and its subscriber."""

    def __init__(self) -> None:
        self.now = 10.0
        self.up_sink, self.sink = Sink(), Sink()
        self.up = UpLeg(self.up_sink)
        self.track = self.up.add(SIMULCAST)
        self.track.widths = (320, 640, 1280)
        self.down: DownTrack = DownLeg(self.sink).add(self.track, DOWN, self.now)
        self.layers = {
            "q": Layer("q", 700, sequence=65530, timestamp=1000, picture=32760, level=250),
            "h": Layer("h", 800, sequence=5, timestamp=2**32 - 9000, picture=7, level=3),
            "f": Layer("f", 900, sequence=30000, timestamp=777777, picture=20000, level=90),
        }

    def frame(self, *rids: str, key: str = "") -> None:
        """Send one frame of some layers, a key frame of those in `key`."""
        self.now += 1 / 30
        for rid in rids:
            for data in self.layers[rid].frame(key=rid in key):
                self.up.receive_rtp(data, self.now)

    def reports(self) -> None:
        """Send a sender report of each layer for this moment."""
        for layer in self.layers.values():
            report = SenderReport(layer.ssrc, int(self.now * NTP_HZ), layer.timestamp, 0, 0)
            self.up.receive_rtcp(rtcp.write_sender_report(report), self.now)

    def got(self) -> list[Packet]:
        """Return what the subscriber got, inspected."""
        packets = self.sink.packets()
        for packet in packets:
            Vp8().inspect(packet)
        return packets

    def layer(self) -> object:
        """Return the rid of what is sent."""
        return self.down.dump()["layer"]


def assert_seamless(packets: list[Packet]) -> None:
    """Check that the numbers of two-packet frames leave no gap and never go back."""
    for before, after in pairwise(packets):
        assert (after.sequence - before.sequence) % 65536 == 1
        assert before.numbers is not None
        assert after.numbers is not None
        new_frame = bool(before.marker)
        assert (after.numbers[0] - before.numbers[0]) % 32768 == new_frame
        assert (after.numbers[1] - before.numbers[1]) % 256 == new_frame
        assert (distance32(after.timestamp, before.timestamp) > 0) == new_frame


def test_the_section_decides_ssrc_and_payload_type() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    first, second = call.got()
    assert {(packet.ssrc, packet.payload_type) for packet in (first, second)} == {(9000, 101)}
    assert (first.marker, second.marker) == (0, rtp.MARKER)
    assert first.sequence < 1 << 15


def test_a_subscriber_starts_at_a_key_frame() -> None:
    call = Simulcast()
    call.frame("q")
    assert call.sink.rtp == []
    call.frame("q", key="q")
    assert len(call.sink.rtp) == 2


def test_the_best_layer_is_taken_as_layers_appear() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    assert call.layer() == "q"
    call.frame("q", "h", "f", key="hf")
    assert call.layer() == "f"


@pytest.mark.parametrize("reported", [True, False])
def test_switching_leaves_no_trace(reported: bool) -> None:
    call = Simulcast()
    call.frame("q", "h", "f", key="qhf")
    if reported:
        call.reports()
    for quality in (layers.LOW, layers.MEDIUM, layers.HIGH, layers.LOW):
        call.down.want(quality=quality, now=call.now)
        call.frame("q", "h", "f")
        call.frame("q", "h", "f", key="qhf"[quality])
        call.frame("q", "h", "f")
    packets = call.got()[2:]
    first_of_f = next(n for n, packet in enumerate(packets) if packet.marker) + 1
    assert_seamless(packets[first_of_f:])
    assert call.down.switches == 7


def test_the_old_layer_goes_on_until_the_key_frame() -> None:
    call = Simulcast()
    call.frame("q", "h", "f", key="qhf")
    call.down.want(quality=layers.LOW, now=call.now + 1)
    (pli,) = call.up_sink.items(feedback.PAYLOAD, feedback.PLI)
    assert feedback.media_source(pli) == 700
    sent = len(call.sink.rtp)
    call.frame("q", "h", "f")
    assert (call.layer(), len(call.sink.rtp)) == ("f", sent + 2)
    call.frame("q", "h", "f", key="q")
    assert call.layer() == "q"


def test_sender_reports_keep_the_layers_in_step() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    call.frame("q", "h", "f")
    call.reports()
    call.now += 0.025  # a late arrival, which arrival times would take for a later picture
    call.down.want(quality=layers.MEDIUM, now=call.now)
    call.frame("q", "h", "f", key="h")
    call.frame("q", "h", "f")
    *_, last = call.got()
    assert last.timestamp == call.layers["q"].timestamp + 1  # the same picture had been sent from q already


def test_a_width_chooses_the_smallest_picture_that_is_wide_enough() -> None:
    call = Simulcast()
    call.down.want(width=400, now=call.now)
    call.frame("q", "h", "f", key="qhf")
    assert call.layer() == "h"


def test_a_layer_that_its_sender_switched_off_is_left() -> None:
    call = Simulcast()
    call.frame("q", "h", "f", key="qhf")
    for _ in range(40):
        call.frame("q", "h")
    call.down.choose(call.now)
    call.frame("q", "h", key="h")
    assert call.layer() == "h"


def test_a_layer_that_comes_back_is_taken_at_once() -> None:
    call = Simulcast()
    call.frame("q", "h", "f", key="qhf")
    for _ in range(40):
        call.frame("q", "h")
    call.down.choose(call.now)
    call.frame("q", "h", key="h")
    call.up_sink.rtcp.clear()
    call.frame("q", "h", "f", key="f")
    assert call.layer() == "f"
    assert call.up_sink.items(feedback.PAYLOAD, feedback.PLI) == []


def test_a_pause_leaves_no_trace() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    call.down.want(paused=True, now=call.now)
    call.frame("q")
    assert len(call.sink.rtp) == 2
    call.down.want(now=call.now)
    call.frame("q")
    call.frame("q", key="q")
    packets = call.got()
    assert_seamless(packets)
    assert packets[2].timestamp - packets[0].timestamp == 3 * 3000


def test_a_new_ssrc_of_the_sender_leaves_no_trace() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    call.layers["q"] = Layer("q", 1700, sequence=50, timestamp=5, picture=60, level=70)
    call.frame("q")
    call.frame("q", key="q")
    call.frame("q")
    packets = call.got()
    assert len(packets) == 6
    assert_seamless(packets)


def test_a_late_start_of_a_key_frame_brings_what_came_before_it() -> None:
    call = Simulcast()
    call.frame("q")
    layer = call.layers["q"]
    first, second = layer.frame(key=True)
    third, fourth = layer.frame()
    for data in (second, third, first, fourth):
        call.up.receive_rtp(data, call.now)
    assert [packet.payload[-6:] for packet in call.got()] == [b"\0first", b"second", b"\1first", b"second"]
    assert_seamless(call.got())


def test_a_packet_from_before_the_switch_is_not_sent() -> None:
    call = Simulcast()
    call.frame("q")
    layer = call.layers["q"]
    _, late = layer.frame()
    for data in layer.frame(key=True):
        call.up.receive_rtp(data, call.now)
    call.up.receive_rtp(late, call.now)
    assert len(call.sink.rtp) == 2


def test_packets_from_before_a_switch_are_resent() -> None:
    call = Simulcast()
    call.frame("q", key="q")
    call.frame("q", "h", key="h")
    assert call.layer() == "h"
    before = call.down.newest - 3
    assert call.down.resend(before, call.now)
    assert call.sink.rtp[-1] == call.sink.rtp[-5]


def test_packets_are_numbered_for_the_connection_when_negotiated() -> None:
    sink = Sink()
    up = UpLeg(Sink())
    section = DownSection(mid="9", payload_type=101, ssrc=9000, cname="PA_x", extensions=IDS)
    leg = DownLeg(sink)
    leg.add(up.add(AUDIO), section, 1.0)
    numbers = [low16(leg.congestion.history.next + n) for n in range(2)]
    for sequence in range(2):
        up.receive_rtp(streams_of.packet(b"sound", sequence=sequence), 1.5)
    elements = [packet.elements[IDS[extensions.TRANSPORT_SEQUENCE]] for packet in sink.packets()]
    assert elements == [number.to_bytes(2, "big") for number in numbers]


def test_sound_flows_from_any_packet_and_asks_for_no_key_frame() -> None:
    up_sink, sink = Sink(), Sink()
    up = UpLeg(up_sink)
    track = up.add(AUDIO)
    down = DownLeg(sink).add(track, DOWN, 1.0)
    up.receive_rtp(streams_of.packet(b"sound", sequence=7), 1.5)
    down.request_key_frame(5.0)
    assert [packet.payload for packet in sink.packets()] == [b"sound"]
    assert up_sink.rtcp == []
