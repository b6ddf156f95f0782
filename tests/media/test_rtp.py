"""Reading and writing RTP packets."""

from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import IDS, read
from visio.media import extensions, rtp


def test_it_reads_all_fields() -> None:
    level = {extensions.AUDIO_LEVEL: b"\x9e"}
    data = streams_of.packet(b"sound", sequence=7, timestamp=8, ssrc=9, marker=True, padding=4, elements=level)
    packet = read(data, 1.5)
    assert (packet.sequence, packet.timestamp, packet.ssrc, packet.payload_type) == (7, 8, 9, streams_of.OPUS)
    assert (packet.marker, packet.payload, packet.arrived) == (rtp.MARKER, b"sound", 1.5)
    assert packet.elements == {IDS[extensions.AUDIO_LEVEL]: b"\x9e"}


def test_contributing_sources_are_skipped() -> None:
    data = bytearray(streams_of.packet(b"sourceABCD"))
    data[0] |= 1
    assert read(bytes(data)).payload == b"ceABCD"


def test_padding_only_has_no_payload() -> None:
    assert read(streams_of.packet(b"", padding=255)).payload == b""


def test_what_is_no_rtp_is_refused() -> None:
    good = streams_of.packet(b"x", padding=4, elements={extensions.MID: b"abc"})
    zero_padding, long_padding = good[:-1] + b"\0", good[:-1] + b"\xff"
    for data in (b"", good[:11], b"\x00" + good[1:], good[:14], zero_padding, long_padding, good[:18]):
        assert rtp.parse(data, 0.0) is None


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, versioned: bool) -> None:
    packet = rtp.parse(bytes((0x80 | data[0] & 0x3F,)) + data[1:] if versioned and data else data, 0.0)
    assert packet is None or len(packet.payload) <= len(data)


def test_restore_gives_the_original_back() -> None:
    packet = read(streams_of.packet(b"\x01\x02rest", sequence=9))
    assert rtp.restore(packet)
    assert (packet.sequence, packet.payload) == (0x0102, b"rest")


def test_restore_refuses_a_probe() -> None:
    assert not rtp.restore(read(streams_of.packet(b"\x01\x02")))


def test_headers_are_read_back() -> None:
    packet = read(rtp.numbered_header(0x80 | 96, 1, 2, 3, rtp.number_element(6), 0x12345) + b"x")
    assert (packet.sequence, packet.timestamp, packet.ssrc, packet.payload) == (1, 2, 3, b"x")
    assert packet.elements == {6: b"\x23\x45"}
    assert read(rtp.header(96, 1, 2, 3) + b"x").elements == {}


def test_an_id_for_two_byte_headers_gives_no_element() -> None:
    assert rtp.number_element(15) == rtp.number_element(0) == 0


def test_padding_has_a_number_and_no_payload() -> None:
    data = rtp.padding(97, 1, 2, 3, rtp.number_element(6), 7)
    packet = read(data)
    assert (packet.payload_type, packet.payload, packet.elements) == (97, b"", {6: b"\x00\x07"})
    assert len(data) == 20 + rtp.PADDING_BYTES
