"""Fuzz target for the packet path: a publisher that sends anything, a subscriber that answers anything."""

from __future__ import annotations

from tests.media.streams_of import AUDIO, DOWN, DOWN_RTX, SIMULCAST, VIDEO, Sink
from visio.media import rtcp, rtp
from visio.media.down_leg import DownLeg
from visio.media.framing import Deframer, FramingError
from visio.media.sections import DownSection
from visio.media.up_leg import UpLeg

STEP_S = 0.01
UPS = (AUDIO, VIDEO, SIMULCAST)
DOWNS = (DownSection("9", 101, 8000, "PA_x"), DOWN, DownSection("8", 101, 9100, "PA_x", 102, 9101))
LAYERS_MAX = 5
OURS = {8000, 9000, 9001, 9100, 9101}
SENT_MAX = 100
"""Datagrams that one datagram may cause: several layers' requests, reports, 64 packets sent again."""

assert DOWN_RTX.ssrc == DOWN.ssrc


def forward(data: bytes) -> None:
    """Any packets, in any order: what is sent is well formed and ours, and what is kept is bounded."""
    publisher, subscriber = Sink(), Sink()
    up, down = UpLeg(publisher), DownLeg(subscriber)
    for section, target in zip(UPS, DOWNS, strict=True):
        down.add(up.add(section), target, 0.0)
    now = 1.0
    for packet in _packets(data):
        now += STEP_S
        before = len(publisher.rtcp) + len(subscriber.rtp) + len(subscriber.rtcp)
        _take(up, down, packet, now)
        assert len(publisher.rtcp) + len(subscriber.rtp) + len(subscriber.rtcp) - before <= SENT_MAX
        assert len(up._media) <= LAYERS_MAX
        assert len(up._repairs) <= LAYERS_MAX
    assert not publisher.rtp
    _well_formed(publisher, subscriber)
    up.dump()
    down.dump()


def _packets(data: bytes) -> list[bytes]:
    """Cut the input into packets as TCP would carry them."""
    deframer, packets = Deframer(), []
    while data:
        try:
            packets += deframer.feed(data[:2048])
        except FramingError:
            break
        data = data[2048:]
    return packets


def _take(up: UpLeg, down: DownLeg, packet: bytes, now: float) -> None:
    if len(packet) > 1 and 192 <= packet[1] < 224:
        up.receive_rtcp(packet, now)
        down.receive_rtcp(packet, now)
    else:
        up.receive_rtp(packet, now)
    up.tick(now)
    down.tick(now)


def _well_formed(publisher: Sink, subscriber: Sink) -> None:
    for data in subscriber.rtp:
        packet = rtp.parse(data, 0.0)
        assert packet is not None
        assert packet.ssrc in OURS
        assert packet.payload_type in (101, 102)
    for data in publisher.rtcp + subscriber.rtcp:
        assert sum(4 + len(item.body) for item in rtcp.read(data)) == len(data)
        assert len(data) <= 4 * rtcp.MAX_BYTES
