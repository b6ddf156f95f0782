"""Which codec object serves which mime type."""

from tests.media import streams_of
from visio.media.codecs import UNSHIFTED, Opaque, codec_of
from visio.media.vp8 import Vp8


def test_mime_types_are_compared_without_case() -> None:
    assert isinstance(codec_of("video/vp8"), Vp8)
    assert isinstance(codec_of("VIDEO/VP8"), Vp8)


def test_an_opaque_packet_is_passed_as_it_is() -> None:
    codec = codec_of("audio/opus")
    packet = streams_of.read(streams_of.packet(b"sound"))
    codec.inspect(packet)
    assert isinstance(codec, Opaque)
    assert packet.switch_point
    assert codec.shift(packet, (1, 1), packet) == UNSHIFTED
    assert codec.rewrite(packet, UNSHIFTED) == b"sound"
