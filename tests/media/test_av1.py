"""AV1 streams with a dependency descriptor, as their subscribers get them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.media import streams_of
from tests.media.descriptors import KEYED, NESTED, Template, descriptor
from tests.media.streams_of import IDS, VP8, Sink
from visio.media import dependency, layers
from visio.media.av1 import CHANGES_BURST, Av1
from visio.media.down_leg import DownLeg
from visio.media.extensions import DEPENDENCY_DESCRIPTOR, TRANSPORT_SEQUENCE
from visio.media.sections import DownSection, UpSection
from visio.media.up_leg import UpLeg

SECTION = UpSection(
    mid="1", kind="video", codec="video/AV1", payload_type=VP8, clock_rate=90_000, extensions=IDS, ssrcs=(600,)
)
OWN_ID = 13
DOWN = DownSection("9", 101, 9000, "PA", extensions={DEPENDENCY_DESCRIPTOR: OWN_ID})
UPPER_LATE, UPPER, LOWER, LOWER_LATE = (layers.grade(1, 0), layers.ALL, layers.grade(0), layers.grade(0, 0))


class Scalable:
    """A publisher of two layers in space and two in time, and one subscriber."""

    def __init__(self, templates: tuple[Template, ...] = KEYED, section: DownSection = DOWN) -> None:
        self.now = 1.0
        self.templates = templates
        self.up_sink, self.sink = Sink(), Sink()
        self.up = UpLeg(self.up_sink)
        self.track = self.up.add(SECTION)
        self.down = DownLeg(self.sink).add(self.track, section, self.now)
        self._sequence, self._frame, self._picture = 10, 0, 0

    def picture(self, temporal: int = 0, *, key: bool = False, active: int | None = None) -> None:
        """Send the frames of one picture, one packet each."""
        self._picture += 1
        self.now += 0.04
        for spatial in (0, 1):
            names = [(s, t) for s, t, _ in self.templates]
            template = 0 if key and not spatial else names.index((spatial, temporal), 1)
            own = "--SS" if key and spatial and self.templates is NESTED else ""
            element = descriptor(
                template,
                self._frame,
                structure=self.templates if key and not spatial else (),
                active=active if not spatial else None,
                own=own,
            )
            self._send(element, last=bool(spatial))

    def _send(self, element: bytes, *, last: bool) -> None:
        head = bytes((IDS[DEPENDENCY_DESCRIPTOR], len(element)))
        block = head + element + bytes(-(len(element) + 2) % 4)
        fixed = streams_of.packet(
            b"", payload_type=VP8, sequence=self._sequence, timestamp=self._picture * 3600, ssrc=600, marker=last
        )
        extended = bytes((fixed[0] | 0x10,)) + fixed[1:] + b"\x10\x00" + (len(block) // 4).to_bytes(2, "big")
        self.up.receive_rtp(extended + block + b"\x10frame", self.now)
        self._sequence += 1
        self._frame += 1

    def want(self, grade: int) -> None:
        """Ask for one of the parts, of which all are offered to who speaks of a frame rate."""
        self.down._limit, self.down._fps = grade, 1000.0
        self.down.choose(self.now)

    def got(self) -> list[tuple[int, int, bool]]:
        """Return template, frame number and marker of what came since the last call, without a gap between them."""
        packets = self.sink.packets()
        self.sink.rtp.clear()
        assert all((after.sequence - before.sequence) % 65536 == 1 for before, after in pairwise(packets))
        said = [dependency.read(packet.elements[OWN_ID], None) for packet in packets]
        return [
            (one.template, one.number, bool(packet.marker))
            for one, packet in zip(said, packets, strict=True)
            if one is not None
        ]


def started(templates: tuple[Template, ...] = KEYED) -> Scalable:
    """Return a call in which the subscriber has had a key frame and gets all."""
    call = Scalable(templates)
    call.picture(key=True)
    call.got()
    return call


def test_the_first_key_frame_starts_everything() -> None:
    call = Scalable()
    call.picture()
    call.picture(key=True)
    assert call.got() == [(0, 2, False), (3, 3, True)]
    assert call.down.layer is not None
    assert call.down.layer.rid == "s1t1"


def test_who_gets_the_upper_picture_gets_no_frame_that_it_does_not_need() -> None:
    call = started()
    call.picture()
    call.picture(1)
    assert call.got() == [(3, 3, True), (4, 5, True)]


def test_with_dependent_layers_all_are_sent() -> None:
    call = started(NESTED)
    call.picture()
    call.picture(1)
    assert [template for template, _, _ in call.got()] == [1, 3, 2, 4]


def test_frame_rate_falls_at_once_and_rises_where_a_frame_lets_it() -> None:
    call = started()
    call.want(UPPER_LATE)
    call.picture(1)
    call.picture()
    call.picture(1)
    assert [template for template, _, _ in call.got()] == [4, 3]
    call.want(UPPER)
    call.picture(1)
    call.picture()
    call.picture(1)
    assert [template for template, _, _ in call.got()] == [3, 4]


@pytest.mark.parametrize(("templates", "expected"), [(KEYED, [3, 0]), (NESTED, [1, 0])])
def test_the_picture_shrinks_at_once_only_if_the_smaller_one_was_sent(
    templates: tuple[Template, ...], expected: list[int]
) -> None:
    call = started(templates)
    call.want(LOWER)
    call.picture()
    call.picture(key=True)
    assert [template for template, _, _ in call.got()] == expected


def test_the_picture_grows_with_a_key_frame() -> None:
    call = Scalable()
    call.want(LOWER)
    call.picture(key=True)
    call.picture()
    call.want(UPPER)
    call.picture()
    call.picture(key=True)
    assert [(template, marker) for template, _, marker in call.got()] == [
        (0, True),
        (1, True),
        (1, True),
        (0, False),
        (3, True),
    ]


def test_a_key_frame_says_which_targets_its_receiver_gets() -> None:
    call = Scalable()
    call.want(LOWER_LATE)
    call.picture(key=True)
    (packet,) = call.sink.packets()
    said = dependency.read(packet.elements[OWN_ID], None)
    assert said is not None
    assert said.active == 0b0001


def test_targets_that_the_publisher_stopped_are_not_chosen() -> None:
    call = started()
    call.picture(active=0b0011)
    call.down.choose(call.now)
    call.picture(key=True)
    assert call.down.layer is not None
    assert call.down.layer.rid == "s0t1"


def test_the_descriptor_goes_beside_the_transport_wide_number() -> None:
    section = DownSection("9", 101, 9000, "PA", extensions={DEPENDENCY_DESCRIPTOR: OWN_ID, TRANSPORT_SEQUENCE: 3})
    call = Scalable(section=section)
    call.picture(key=True)
    call.picture()
    first, second = call.sink.packets()
    assert set(first.elements) == set(second.elements) == {3, OWN_ID}
    assert int.from_bytes(second.elements[3], "big") - int.from_bytes(first.elements[3], "big") == 1


def test_it_goes_out_only_where_it_was_negotiated() -> None:
    call = Scalable(section=DownSection("9", 101, 9000, "PA"))
    call.picture(key=True)
    assert [packet.elements for packet in call.sink.packets()] == [{}, {}]


def test_a_stream_cannot_change_its_layers_all_the_time() -> None:
    """Each change makes the parts anew; too many are left out, and later ones are taken again."""
    codec, layouts = Av1(13), []
    for number in range(200):
        packet = streams_of.read(streams_of.packet(b"\x10frame"))
        packet.index, packet.arrived = number, 5.0
        packet.elements = {13: descriptor(0, number, structure=(KEYED, NESTED)[number % 2])}
        codec.inspect(packet)
        layouts.append(codec.layout)
        assert packet.switch_point == (packet.kind is not None)
    assert len(set(map(id, layouts))) == CHANGES_BURST
    packet.arrived += 1
    codec.inspect(packet)
    assert packet.kind is not None


def test_numbers_go_on_in_another_stream() -> None:
    codec = Av1()
    last, first = (streams_of.read(streams_of.packet()) for _ in range(2))
    last.numbers, first.numbers = (100, -1, 0), (7, -1, 0)
    assert codec.shift(last, (5, 0), first) == (99, 0)


@pytest.mark.parametrize(("head", "starts"), [(0x18, True), (0x10, False), (0x98, False)])
def test_without_descriptor_the_payload_tells_where_a_sequence_starts(head: int, starts: bool) -> None:
    packet = streams_of.read(streams_of.packet(bytes((head,)) + b"body"))
    Av1().inspect(packet)
    assert packet.switch_point == starts
