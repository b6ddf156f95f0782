"""What negotiation settles about one media section, as the packet path needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Kind = Literal["audio", "video"]


class PacketSink(Protocol):
    """Where a leg sends; a transport that is not connected drops and counts."""

    def send_rtp(self, packet: bytes) -> None:
        """Send one RTP packet."""

    def send_rtcp(self, packet: bytes) -> None:
        """Send one RTCP packet, compound or reduced-size."""


@dataclass(frozen=True, slots=True)
class UpSection:
    """A section in which the peer sends; `extensions` maps URI to id, `rids` go from small to large picture."""

    mid: str
    kind: Kind
    codec: str  # mime type as negotiated, such as "video/VP8"
    payload_type: int
    clock_rate: int
    parameters: str = ""  # of the codec
    rtx_payload_type: int | None = None
    extensions: Mapping[str, int] = field(default_factory=dict)
    rids: tuple[str, ...] = ()
    ssrcs: tuple[int, ...] = ()
    rtx_ssrcs: tuple[int, ...] = ()  # in the order of `ssrcs`
    red_payload_type: int | None = None


@dataclass(frozen=True, slots=True)
class DownSection:
    """A section in which the server sends one track."""

    mid: str
    payload_type: int
    ssrc: int
    cname: str
    rtx_payload_type: int | None = None
    rtx_ssrc: int | None = None
    extensions: Mapping[str, int] = field(default_factory=dict)
    red_payload_type: int | None = None
