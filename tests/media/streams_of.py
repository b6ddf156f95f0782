"""Streams as a publisher would send them, and sinks that keep what a leg sends."""

from dataclasses import dataclass, field
from struct import pack

from visio.media import extensions, feedback, rtcp, rtp
from visio.media.rtp import Packet
from visio.media.sections import DownSection, UpSection
from visio.media.serial import low8, low15, low16, low32

IDS = {uri: number for number, uri in enumerate(extensions.SUPPORTED, start=1)}
VP8, VP8_RTX, OPUS = 96, 97, 111

AUDIO = UpSection(
    mid="0", kind="audio", codec="audio/opus", payload_type=OPUS, clock_rate=48000, extensions=IDS, ssrcs=(500,)
)
VIDEO = UpSection(
    mid="1",
    kind="video",
    codec="video/VP8",
    payload_type=VP8,
    clock_rate=90000,
    rtx_payload_type=VP8_RTX,
    extensions=IDS,
    ssrcs=(600,),
    rtx_ssrcs=(601,),
)
SIMULCAST = UpSection(
    mid="2",
    kind="video",
    codec="video/VP8",
    payload_type=VP8,
    clock_rate=90000,
    rtx_payload_type=VP8_RTX,
    extensions=IDS,
    rids=("q", "h", "f"),
)
DOWN = DownSection(mid="9", payload_type=101, ssrc=9000, cname="PA_x")
DOWN_RTX = DownSection(mid="9", payload_type=101, ssrc=9000, cname="PA_x", rtx_payload_type=102, rtx_ssrc=9001)


class Sink:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []

    def send_rtp(self, packet: bytes) -> None:
        self.rtp.append(packet)

    def send_rtcp(self, packet: bytes) -> None:
        self.rtcp.append(packet)

    def packets(self) -> list[Packet]:
        """Return the RTP packets, read."""
        return [read(data) for data in self.rtp]

    def items(self, kind: int, count: int | None = None) -> list[rtcp.Item]:
        """Return the RTCP packets of one kind."""
        every = [item for data in self.rtcp for item in rtcp.read(data)]
        return [item for item in every if item.kind == kind and count in (None, item.count)]


def read(data: bytes, now: float = 0.0) -> Packet:
    """Read a packet that must be RTP."""
    packet = rtp.parse(data, now)
    assert packet is not None
    return packet


def packet(
    payload: bytes = b"payload",
    *,
    payload_type: int = OPUS,
    sequence: int = 0,
    timestamp: int = 0,
    ssrc: int = 500,
    marker: bool = False,
    padding: int = 0,
    elements: dict[str, bytes] | None = None,
) -> bytes:
    """Return an RTP packet with one-byte header extensions by URI."""
    block = b"".join(bytes((IDS[uri] << 4 | len(data) - 1,)) + data for uri, data in (elements or {}).items())
    block += bytes(-len(block) % 4)
    first = 0x80 | (0x10 if block else 0) | (0x20 if padding else 0)
    second = payload_type | (0x80 if marker else 0)
    head = pack("!BBHII", first, second, low16(sequence), low32(timestamp), ssrc)
    if block:
        head += pack("!HH", extensions.ONE_BYTE_PROFILE, len(block) // 4) + block
    return head + payload + (bytes(padding - 1) + bytes((padding,)) if padding else b"")


def fir(source: int) -> bytes:
    """Return a request for a full intra frame."""
    return rtcp.write(feedback.PAYLOAD, feedback.FIR, pack("!IIIBxxx", 1, 0, source, 1))


def vp8(picture: int, level: int, *, key: bool = False, start: bool = True, body: bytes = b"frame") -> bytes:
    """Return a VP8 payload with a 15 bit picture id, TL0PICIDX and a temporal layer."""
    descriptor = bytes((0x90 if start else 0x80, 0xE0)) + pack("!HBB", 0x8000 | low15(picture), low8(level), 0)
    return descriptor + bytes((0 if key else 1,)) + body


def vp9(
    picture: int,
    level: int,
    *,
    spatial: int = 0,
    temporal: int = 0,
    up: bool = False,
    key: bool = False,
    depth: int = 0,
    begins: bool = True,
    ends: bool = True,
    body: bytes = b"body",
) -> bytes:
    """Return a VP9 payload with a 15 bit picture id; `depth` announces so many spatial layers."""
    flags = 0x80 | 0x20 | 0x40 * (not key) | 0x08 * begins | 0x04 * ends | 0x02 * bool(depth)
    structure = bytes(((depth - 1) << 5,)) if depth else b""
    numbers = pack(
        "!HBB", 0x8000 | low15(picture), temporal << 5 | up << 4 | spatial << 1 | (spatial > 0 and key), low8(level)
    )
    return bytes((flags,)) + numbers + structure + body


@dataclass
class Layer:
    """One simulcast stream of a publisher: two packets a frame, 30 frames a second, RTX beside it."""

    rid: str
    ssrc: int
    sequence: int = 100
    timestamp: int = 0
    picture: int = 0
    level: int = 0
    section: UpSection = SIMULCAST
    sent: dict[int, bytes] = field(default_factory=dict)
    repairs: int = 0

    def frame(self, *, key: bool = False) -> list[bytes]:
        """Return the packets of the next frame; the first half says so in its body."""
        self.timestamp += 3000
        self.picture += 1
        self.level += 1
        first = self._packet(vp8(self.picture, self.level, key=key, body=b"first"))
        return [first, self._packet(vp8(self.picture, self.level, start=False, body=b"second"), marker=True)]

    def _packet(self, payload: bytes, *, marker: bool = False) -> bytes:
        data = packet(
            payload,
            payload_type=VP8,
            sequence=self.sequence,
            timestamp=self.timestamp,
            ssrc=self.ssrc,
            marker=marker,
            elements=self._elements(extensions.STREAM_ID),
        )
        self.sent[low16(self.sequence)] = data
        self.sequence += 1
        return data

    def padding(self) -> bytes:
        """Return a padding-only probe on the media SSRC."""
        data = packet(
            b"",
            payload_type=VP8,
            sequence=self.sequence,
            timestamp=self.timestamp,
            ssrc=self.ssrc,
            padding=200,
            elements=self._elements(extensions.STREAM_ID),
        )
        self.sent[low16(self.sequence)] = data
        self.sequence += 1
        return data

    def repair(self, sequence: int) -> bytes:
        """Return a retransmission on the RTX SSRC."""
        lost = read(self.sent[low16(sequence)])
        self.repairs += 1
        return packet(
            pack("!H", low16(sequence)) + lost.payload,
            payload_type=VP8_RTX,
            sequence=self.repairs,
            timestamp=lost.timestamp,
            ssrc=self.ssrc + 1,
            marker=bool(lost.marker),
            elements=self._elements(extensions.REPAIRED_STREAM_ID),
        )

    def _elements(self, uri: str) -> dict[str, bytes]:
        mid = {extensions.MID: self.section.mid.encode()}
        return {**mid, uri: self.rid.encode()} if self.rid else mid
