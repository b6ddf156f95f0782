"""VP8 with layers in time: who gets fewer pictures sees no gap, and goes up again where no key frame is needed."""

from __future__ import annotations

from itertools import pairwise
from struct import pack

from tests.media import streams_of
from tests.media.streams_of import VIDEO, VP8, Sink
from visio.media import feedback
from visio.media.down_leg import DownLeg
from visio.media.rtp import Packet
from visio.media.sections import DownSection
from visio.media.serial import low8, low15
from visio.media.up_leg import UpLeg
from visio.media.vp8 import Vp8

PATTERN: tuple[tuple[int, int], ...] = ((0, 0), (2, 1), (1, 1), (2, 0), (0, 0), (2, 0), (1, 0), (2, 0))
"""Layer and synchronisation of libvpx' eight pictures: those of layer 2 are used by no other, so 5 begins nothing."""
FPS = 32


class Camera:
    """A publisher of three layers in time, a packet a picture, and a subscriber."""

    def __init__(self, picture: int = 0x7FF0, level: int = 250) -> None:
        self.now, self.pattern = 1.0, PATTERN
        self.up_sink, self.sink = Sink(), Sink()
        self.up = UpLeg(self.up_sink)
        self.track = self.up.add(VIDEO)
        self.down = DownLeg(self.sink).add(self.track, DownSection("9", 101, 9000, "PA"), self.now)
        self._picture, self._level, self._sequence, self._place = picture, level, 65_530, 0

    def picture(self, *, key: bool = False, lost: bool = False) -> bytes:
        """Send the next picture of the pattern."""
        temporal, synchronises = self.pattern[self._place % len(self.pattern)]
        self._place += 1
        self.now += 1 / FPS
        self._picture += 1
        self._level += temporal == 0
        self._sequence += 1
        numbers = pack("!HB", 0x8000 | low15(self._picture), low8(self._level))
        layer = bytes((temporal << 6 | synchronises << 5,))
        data = streams_of.packet(
            b"\x90\xe0" + numbers + layer + bytes((0 if key else 1,)) + b"body",
            payload_type=VP8,
            sequence=self._sequence,
            timestamp=self._picture * 2812,
            ssrc=600,
            marker=True,
        )
        if not lost:
            self.up.receive_rtp(data, self.now)
        return data

    def pictures(self, count: int) -> None:
        """Send pictures, and let the subscriber choose and the publisher be measured."""
        for _ in range(count):
            self.picture()
            self.up.tick(self.now)
            self.down.choose(self.now)

    def want(self, fps: float) -> None:
        """Ask for no more pictures than this, and forget what came before."""
        self.sink.rtp.clear()
        self.down.want(fps=fps, now=self.now)

    def got(self) -> list[Packet]:
        """Return what the subscriber got, inspected."""
        packets = self.sink.packets()
        for packet in packets:
            Vp8().inspect(packet)
        return packets

    def layers(self) -> list[int]:
        """Return the layer of each picture that the subscriber got; a packet may be empty."""
        return [packet.payload[5] >> 6 for packet in self.got() if packet.payload]


def running() -> Camera:
    """Return a camera that has been measured, at the beginning of its pattern."""
    camera = Camera()
    camera.picture(key=True)
    camera.pictures(7 + 2 * FPS)
    return camera


def assert_seamless(packets: list[Packet]) -> None:
    """Check that neither packets nor pictures leave a gap, and that TL0PICIDX counts the lowest layer."""
    for before, after in pairwise(packets):
        assert before.numbers is not None
        assert after.numbers is not None
        assert (after.sequence - before.sequence) % 65536 == 1
        assert (after.numbers[0] - before.numbers[0]) % 32768 == 1
        assert (after.numbers[1] - before.numbers[1]) % 256 == (after.payload[5] >> 6 == 0)


def test_everything_is_sent_when_nobody_asks_for_less() -> None:
    camera = Camera()
    camera.picture(key=True)
    camera.pictures(15)
    assert camera.layers() == [layer for layer, _ in PATTERN] * 2
    assert_seamless(camera.got())


def test_fewer_pictures_without_a_gap() -> None:
    camera = running()
    for fps, left in ((16, {0, 1}), (8, {0})):
        camera.want(fps)
        camera.pictures(16)
        assert camera.layers() == [layer for layer, _ in PATTERN * 2 if layer in left]
        assert_seamless(camera.got())


def test_more_again_where_the_next_layer_begins_anew() -> None:
    camera = running()
    camera.want(8)
    camera.pictures(8)
    camera.want(0)
    camera.pictures(16)
    assert camera.layers() == [0, 1, 2, 0, 2, 1, 2] + [layer for layer, _ in PATTERN]
    assert_seamless(camera.got())


def test_no_key_frame_is_asked_for() -> None:
    camera = running()
    camera.up_sink.rtcp.clear()
    for fps in (8, 16, 0):
        camera.want(fps)
        camera.pictures(16)
    assert camera.up_sink.items(feedback.PAYLOAD, feedback.PLI) == []


def test_a_sender_that_marks_no_way_up_is_asked_for_a_key_frame() -> None:
    """Once, and only after a while."""
    camera = running()
    camera.pattern = tuple((layer, 0) for layer, _ in PATTERN)
    camera.want(8)
    camera.pictures(8)
    camera.up_sink.rtcp.clear()
    camera.want(0)
    camera.pictures(FPS)
    assert camera.up_sink.items(feedback.PAYLOAD, feedback.PLI) == []
    camera.pictures(FPS + 8)
    assert len(camera.up_sink.items(feedback.PAYLOAD, feedback.PLI)) == 1
    camera.picture(key=True)
    camera.pictures(FPS)
    assert set(camera.layers()[-8:]) == {0, 1, 2}


def test_the_numbers_go_on_through_every_change() -> None:
    camera = running()
    camera.sink.rtp.clear()
    for fps in (16, 8, 0, 8, 16, 0):
        camera.down.want(fps=fps, now=camera.now)
        camera.pictures(21)
    assert_seamless(camera.got())


def test_a_key_frame_brings_everything() -> None:
    camera = running()
    camera.want(8)
    camera.pictures(8)
    camera.want(0)
    camera.picture(key=True)
    camera.pictures(3)
    assert camera.layers() == [0, 2, 1, 2]
    assert_seamless(camera.got())


def test_a_picture_that_comes_late_finds_its_place() -> None:
    camera = running()
    camera.want(16)
    camera.pictures(6)
    late = camera.picture(lost=True)
    camera.pictures(2)
    camera.up.receive_rtp(late, camera.now)
    packets = sorted(camera.got(), key=lambda packet: (packet.sequence - 30_000) % 65536)
    assert_seamless(packets)
    assert [packet.payload[5] >> 6 for packet in packets] == [0, 1, 0, 1, 0]


def test_a_picture_that_comes_late_is_no_way_up() -> None:
    """Those after it were sent already, and are not shown twice."""
    camera = running()
    camera.want(8)
    camera.pictures(8)
    camera.want(0)
    camera.picture()
    camera.picture(lost=True)
    late = camera.picture(lost=True)
    camera.pictures(2)
    camera.up.receive_rtp(late, camera.now)
    camera.pictures(11)
    assert camera.layers() == [0, 0, 0, 1, 2, 0, 2, 1, 2]


def test_a_lost_picture_is_repaired_with_its_number() -> None:
    camera = running()
    camera.want(16)
    camera.pictures(8)
    packets = camera.got()
    assert camera.down.resend(camera.down.newest, camera.now)
    again = camera.got()[-1]
    assert again.payload == packets[-1].payload
