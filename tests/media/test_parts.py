"""The layers of a scalable stream, as its subscribers get them."""

from itertools import pairwise

from tests.media import streams_of
from tests.media.streams_of import VP8, Sink, vp9
from visio.media.down_leg import DownLeg
from visio.media.rtp import Packet
from visio.media.sections import DownSection, UpSection
from visio.media.up_leg import UpLeg
from visio.media.vp9 import Vp9

SECTION = UpSection(mid="1", kind="video", codec="video/VP9", payload_type=VP8, clock_rate=90_000, ssrcs=(600,))
DEPTH = 3


class Scalable:
    """A publisher of three spatial layers, one packet each, and subscribers who want one of them."""

    def __init__(self, *qualities: int) -> None:
        self.now = 1.0
        self.up = UpLeg(Sink())
        self.track = self.up.add(SECTION)
        self.sinks = [Sink() for _ in qualities]
        self.downs = []
        for number, sink in enumerate(self.sinks):
            down = DownLeg(sink).add(self.track, DownSection("9", 101, 9000 + number, "PA"), self.now)
            down.want(quality=qualities[number], now=self.now)
            self.downs.append(down)
        self._sequence = 10
        self._picture = 0

    def picture(self, temporal: int = 0, *, key: bool = False, lost: int | None = None) -> bytes:
        """Send one picture, leaving out the packet of one layer; return that packet."""
        self._picture += 1
        self.now += 0.04
        left_out = b""
        for spatial in range(DEPTH):
            data = streams_of.packet(
                vp9(
                    self._picture,
                    self._picture,
                    spatial=spatial,
                    temporal=temporal,
                    up=temporal == 0,
                    key=key,
                    depth=DEPTH * (key and not spatial),
                ),
                payload_type=VP8,
                sequence=self._sequence,
                timestamp=self._picture * 3600,
                ssrc=600,
                marker=spatial == DEPTH - 1,
            )
            self._sequence += 1
            if spatial == lost:
                left_out = data
            else:
                self.up.receive_rtp(data, self.now)
        return left_out

    def tick(self) -> None:
        """Let subscribers choose."""
        for down in self.downs:
            down.choose(self.now)

    def got(self, number: int) -> list[Packet]:
        """Return what a subscriber got, inspected."""
        packets = self.sinks[number].packets()
        for packet in packets:
            Vp9().inspect(packet)
        return packets


def started(*qualities: int) -> Scalable:
    """Return a call in which everybody has had a key frame."""
    call = Scalable(*qualities)
    call.picture(key=True)
    call.tick()
    call.picture(key=True)
    for sink in call.sinks:
        sink.rtp.clear()
    return call


def spatial(packet: Packet) -> int:
    """Return the spatial layer that a VP9 payload names."""
    return packet.payload[3] >> 1 & 7


def temporal(packet: Packet) -> int:
    """Return the temporal layer that a VP9 payload names."""
    return packet.payload[3] >> 5


def assert_seamless(packets: list[Packet]) -> None:
    """Check that sequence numbers go on without a gap."""
    assert all(after.sequence - before.sequence == 1 for before, after in pairwise(packets))


def test_each_gets_the_layers_up_to_the_wanted_one() -> None:
    call = started(0, 1, 2)
    for _ in range(3):
        call.picture()
    for number in range(3):
        packets = call.got(number)
        assert [spatial(packet) for packet in packets] == list(range(number + 1)) * 3
        assert_seamless(packets)
        assert [bool(packet.marker) for packet in packets] == ([False] * number + [True]) * 3


def test_going_down_needs_no_key_frame_and_going_up_does() -> None:
    call = started(2)
    call.picture()
    call.downs[0].want(quality=0, now=call.now)
    call.picture()
    call.downs[0].want(quality=2, now=call.now)
    call.picture()
    call.picture(key=True)
    packets = call.got(0)
    assert [spatial(packet) for packet in packets] == [0, 1, 2, 0, 0, 0, 1, 2]
    assert_seamless(packets)
    pictures = [packet.numbers[0] for packet in packets if packet.numbers]
    assert [after - before for before, after in pairwise(pictures)] == [0, 0, 1, 1, 1, 0, 0]
    assert len({packet.timestamp for packet in packets}) == 5 - 1


def test_the_frame_rate_follows_the_wish_without_a_key_frame() -> None:
    call = started(0, 2)
    call.picture(1)
    for _ in range(40):
        call.picture()
        call.picture(1)
        call.up.tick(call.now)
        call.tick()
    for sink in call.sinks:
        sink.rtp.clear()
    call.downs[1].want(fps=12, now=call.now)
    for place in (1, 0, 1, 0):
        call.picture(place)
    call.downs[1].want(now=call.now)
    for place in (1, 0, 1):
        call.picture(place)
    assert [temporal(packet) for packet in call.got(0)] == [1, 0, 1, 0, 1, 0, 1]
    packets = call.got(1)
    assert_seamless(packets)
    assert [temporal(packet) for packet in packets] == [1] * 3 + [0] * 9 + [1] * 3


def test_a_part_that_nobody_gets_costs_nothing() -> None:
    call = started(2)
    parts = call.track.layers[0].parts
    assert [part["listeners"] for part in parts.dump()] == [0, 0, 1]
    call.downs[0].want(paused=True, now=call.now)
    assert parts._live == ()


def test_a_late_packet_of_a_higher_layer_fills_its_place() -> None:
    call = started(0)
    late = call.picture(lost=2)
    call.picture()
    call.up.receive_rtp(late, call.now)
    packets = sorted(call.got(0), key=lambda packet: packet.sequence)
    assert_seamless(packets)
    assert [bool(packet.payload) for packet in packets] == [True, False, True]
    call.picture()
    assert_seamless(sorted(call.got(0), key=lambda packet: packet.sequence))


def test_an_ended_track_sends_nothing() -> None:
    call = started(2)
    call.up.remove(call.track)
    call.picture()
    assert call.got(0) == []
