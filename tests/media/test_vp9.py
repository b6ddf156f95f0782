"""VP9 payload descriptors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import vp9
from visio.media.frame_kinds import ABSENT, REQUIRED, SWITCH
from visio.media.rtp import Packet
from visio.media.vp8 import NO_LEVEL
from visio.media.vp9 import LAYERS_MAX, Vp9


def inspected(payload: bytes) -> Packet:
    packet = streams_of.read(streams_of.packet(payload))
    Vp9().inspect(packet)
    return packet


def test_a_key_frame_starts_with_its_lowest_layer_and_tells_how_many_there_are() -> None:
    stream = Vp9().for_stream({})
    first, second = (
        streams_of.read(streams_of.packet(vp9(5, 2, spatial=n, key=True, depth=3 - 3 * n))) for n in (0, 1)
    )
    stream.inspect(first)
    stream.inspect(second)
    assert stream.layout is not None
    assert stream.layout.targets == ((0, 0), (1, 0), (2, 0))
    assert first.kind is not None
    assert second.kind is not None
    assert (first.switch_point, first.begins, first.kind.spatial) == (True, True, 0)
    assert (second.switch_point, second.begins, second.kind.spatial) == (False, True, 1)


def test_a_layer_in_time_is_known_with_its_first_picture() -> None:
    stream, packets = Vp9(), [streams_of.read(streams_of.packet(vp9(5, 2, temporal=n, up=True))) for n in (0, 1)]
    for packet in packets:
        stream.inspect(packet)
    assert stream.layout is not None
    assert stream.layout.targets == ((0, 0), (0, 1))
    stream.inspect(packets[0])
    assert [packet.kind.indications for packet in packets if packet.kind] == [(REQUIRED, SWITCH), (ABSENT, REQUIRED)]


def test_layers_are_limited() -> None:
    """Each is a part of the stream that is measured."""
    stream = Vp9()
    for layer in range(8):
        stream.inspect(streams_of.read(streams_of.packet(vp9(5, 2, key=True, depth=layer + 1))))
        stream.inspect(streams_of.read(streams_of.packet(vp9(5, 2, temporal=layer))))
    assert stream.layout is not None
    assert len(stream.layout.targets) == LAYERS_MAX * LAYERS_MAX


def test_a_dependent_picture_begins_but_is_no_start() -> None:
    packet = inspected(vp9(5, 2))
    assert (packet.switch_point, packet.begins, packet.ends, packet.numbers) == (False, True, True, (5, 2, 2))


def test_pictures_are_renumbered_in_their_widths() -> None:
    packet = inspected(vp9(0x7FFF, 255, body=b"rest"))
    rewritten = inspected(Vp9().rewrite(packet, (2, 3)))
    assert rewritten.numbers == (1, 2, 2)
    assert rewritten.payload[5:] == b"rest"


def test_numbers_go_on_after_the_last_picture() -> None:
    last, first = inspected(vp9(100, 7)), inspected(vp9(3, 250))
    shift = Vp9().shift(last, (0, 0), first)
    renumbered = inspected(Vp9().rewrite(first, shift)).numbers
    assert renumbered == (101, 8, 2)


def test_short_ids_and_flexible_mode_have_no_level() -> None:
    packet = inspected(bytes((0x80 | 0x20 | 0x10 | 0x08, 0x12, 0x00)) + b"body")
    assert packet.numbers == (0x12, NO_LEVEL, 1)
    assert inspected(Vp9().rewrite(packet, (1, 0))).numbers == (0x13, NO_LEVEL, 1)


@pytest.mark.parametrize("size", range(5))
def test_what_is_cut_off_is_no_start(size: int) -> None:
    assert not inspected(vp9(5, 2, key=True, depth=3)[:size]).switch_point


@given(st.binary(max_size=12), st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_any_payload_is_read_and_keeps_its_length(payload: bytes, shift: tuple[int, int]) -> None:
    packet = inspected(payload)
    assert len(Vp9().rewrite(packet, shift)) == len(packet.payload)
