"""What forwarding needs to know of a payload format, one small object per format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from visio.media.av1 import Av1
from visio.media.frame_kinds import Flat, Layout
from visio.media.h264 import H264
from visio.media.rtp import Packet
from visio.media.vp8 import Vp8
from visio.media.vp9 import Vp9

Shift = tuple[int, int]  # what is added to the picture number and to the base layer number
UNSHIFTED: Shift = (0, 0)


class Codec(Protocol):
    """A payload format. What it knows of one stream is in the object that was made for it, `layout` with its layers."""

    layout: Layout | None
    active: int
    """The decode targets that are sent now, one bit each."""

    def for_stream(self, extensions: Mapping[str, int]) -> Codec:
        """Return an object that inspects one stream, whose header extensions have these ids."""

    def restricted(self, packet: Packet, targets: int) -> bytes | None:
        """Return the packet's dependency descriptor for somebody who gets these targets only."""

    def inspect(self, packet: Packet) -> None:
        """Set `switch_point`, `numbers` and what else is known of a packet that has arrived."""

    def shift(self, last: Packet, shift: Shift, first: Packet, *, within: bool = False) -> Shift:
        """Return the shift that lets `first` follow `last`, which was sent with `shift`, of the same stream or not."""

    def rewrite(self, packet: Packet, shift: Shift) -> bytes:
        """Return the payload with its numbers shifted."""


class Opaque(Flat):
    """A format without numbers of its own in which every packet can be the first one, such as Opus."""

    def inspect(self, packet: Packet) -> None:
        """Let a subscriber start at any packet."""
        packet.switch_point = True

    def shift(self, last: Packet, shift: Shift, first: Packet, *, within: bool = False) -> Shift:  # noqa: ARG002
        """Return no shift: there is nothing to renumber."""
        return UNSHIFTED

    def rewrite(self, packet: Packet, shift: Shift) -> bytes:  # noqa: ARG002
        """Return the payload as it is."""
        return packet.payload


_BY_MIME: dict[str, Codec] = {"video/vp8": Vp8(), "video/vp9": Vp9(), "video/h264": H264(), "video/av1": Av1()}
_OPAQUE = Opaque()


def codec_of(mime: str) -> Codec:
    """Return the codec for a mime type such as "video/VP8"."""
    return _BY_MIME.get(mime.lower(), _OPAQUE)
