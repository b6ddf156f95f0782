"""Counters of what went through: they grow with each packet and outlive the tracks."""

from __future__ import annotations

import pytest

from tests.media.streams_of import AUDIO, DOWN, VIDEO, Layer, Sink
from visio.media.down_leg import DownLeg
from visio.media.flows import Flows
from visio.media.rtcp import ReportBlock
from visio.media.sections import UpSection
from visio.media.up_leg import UpLeg

FRAMES = 10


def _sent(up: UpLeg, section: UpSection) -> int:
    layer = Layer("", section.ssrcs[0], section=section)
    packets = [packet for number in range(FRAMES) for packet in layer.frame(key=number == 0)]
    for number, packet in enumerate(packets):
        up.receive_rtp(packet, number / 50)
    return len(packets)


def _counted(leg: UpLeg | DownLeg) -> Flows:
    flows = Flows()
    leg.count(flows)
    return flows


def test_it_counts_both_directions() -> None:
    up, down = UpLeg(Sink()), DownLeg(Sink())
    track = up.add(VIDEO)
    down.add(track, DOWN, 0.0)
    sent = _sent(up, VIDEO)
    assert _counted(up).up["video"].packets == sent
    assert _counted(up).up["video"].octets > 0
    assert _counted(down).down["video"].packets == sent
    assert _counted(up).up["audio"].packets == 0


@pytest.mark.parametrize("again", [False, True], ids=["ended", "replaced"])
def test_a_track_that_ends_is_still_counted(*, again: bool) -> None:
    up, down = UpLeg(Sink()), DownLeg(Sink())
    track = up.add(VIDEO)
    received = down.add(track, DOWN, 0.0)
    sent = _sent(up, VIDEO)
    down.remove(received)
    if again:
        up.add(VIDEO)
    else:
        up.remove(track)
    assert _counted(up).up["video"].packets == sent
    assert _counted(down).down["video"].packets == sent


def test_lost_packets_are_asked_for_and_counted() -> None:
    sink = Sink()
    up = UpLeg(sink)
    up.add(VIDEO)
    layer = Layer("", VIDEO.ssrcs[0], section=VIDEO)
    packets = [packet for number in range(FRAMES) for packet in layer.frame(key=number == 0)]
    for number, packet in enumerate(packets):
        if number != 5:
            up.receive_rtp(packet, number / 50)
    assert up.back.nacks == 1
    up.receive_rtp(packets[5], 1.0)
    assert _counted(up).up["video"].repaired == 1


def test_a_report_cannot_lose_more_than_was_sent() -> None:
    up, down = UpLeg(Sink()), DownLeg(Sink())
    received = down.add(up.add(AUDIO), DOWN, 0.0)
    received.take_report(ReportBlock(DOWN.ssrc, 255, 2**23, 0, 0, 0, 0), 1.0)
    assert _counted(down).down["audio"].lost == 0
