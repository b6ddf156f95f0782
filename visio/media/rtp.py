"""RTP packets: reading one that arrived, writing the header of one that leaves (RFC 3550, RFC 4588)."""

from struct import Struct

from visio.media.extensions import ONE_BYTE_PROFILE, TWO_BYTE_PLAIN, read_elements
from visio.media.frame_kinds import FrameKind
from visio.media.serial import low16

_FIXED = Struct("!BBHII")
_NUMBERED = Struct("!BBHIIHHI")
_EXTENSION = Struct("!HH")
_ORIGINAL = Struct("!H")

MARKER = 0x80
PADDING, EXTENDED = 0x20, 0x10
ONE_BYTE_MAX, ONE_BYTE_IDS = 16, 15  # RFC 8285 section 4.2
PADDING_BYTES = 255  # the most that one byte can count


class Packet:
    """One received packet: read once, shared by the cache and every subscriber, not changed after inspection."""

    __slots__ = (
        "announces",
        "arrived",
        "begins",
        "descriptor",
        "elements",
        "ends",
        "index",
        "kind",
        "marker",
        "numbers",
        "payload",
        "payload_type",
        "red",
        "sequence",
        "ssrc",
        "switch_point",
        "timestamp",
    )

    marker: int  # 0x80 or 0, ready to be joined with a payload type
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes  # without padding
    elements: dict[int, bytes]  # header extensions by id
    arrived: float  # monotonic seconds
    index: int  # gapless number within the layer, set by the layer
    switch_point: bool  # a subscriber may start here, set by the codec
    numbers: tuple[int, int, int] | None  # what the codec renumbers, set by the codec
    kind: FrameKind | None  # kind of frame in a stream with layers; this and what follows are set by the codec
    begins: bool  # a frame starts here: the part of a picture that one spatial layer is
    ends: bool  # the frame ends here
    announces: bool  # its descriptor says what the stream has
    descriptor: bytes | None  # dependency descriptor
    red: bytes | None  # the payload with the older packets beside it, when it came so


def parse(data: bytes, now: float) -> Packet | None:
    """Read a packet that arrived `now`; None when it is not RTP."""
    size = len(data)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != 2:
        return None
    packet = Packet()
    start = 12 + (first & 0x0F) * 4
    packet.elements = {}
    if first & 0x10:
        if start + 4 > size:
            return None
        profile, words = _EXTENSION.unpack_from(data, start)
        block, start = start + 4, start + 4 + words * 4
        packet.elements = read_elements(profile, data[block:start])
    end = size - data[-1] if first & 0x20 else size
    if start > end or (first & 0x20 and data[-1] == 0):
        return None
    packet.payload = data[start:end]
    packet.marker, packet.payload_type = second & MARKER, second & 0x7F
    packet.sequence, packet.timestamp, packet.ssrc = sequence, timestamp, ssrc
    packet.arrived = now
    packet.index, packet.switch_point, packet.numbers = 0, False, None
    packet.kind, packet.begins, packet.ends = None, False, False
    packet.announces, packet.descriptor, packet.red = False, None, None
    return packet


def copy(packet: Packet, index: int) -> Packet:
    """Return a packet under another index that can be changed; the payload is shared."""
    twin = Packet()
    twin.marker, twin.payload_type = packet.marker, packet.payload_type
    twin.sequence, twin.timestamp, twin.ssrc = packet.sequence, packet.timestamp, packet.ssrc
    twin.payload, twin.elements, twin.arrived = packet.payload, packet.elements, packet.arrived
    twin.index, twin.switch_point, twin.numbers = index, packet.switch_point, packet.numbers
    twin.kind, twin.begins, twin.ends = packet.kind, packet.begins, packet.ends
    twin.announces, twin.descriptor, twin.red = packet.announces, packet.descriptor, packet.red
    return twin


def restore(packet: Packet) -> bool:
    """Turn a retransmission back into the packet it repeats (RFC 4588 section 4); False when it repeats none."""
    if len(packet.payload) <= 2:
        return False
    (packet.sequence,) = _ORIGINAL.unpack_from(packet.payload)
    packet.payload = packet.payload[2:]
    return True


def header(second: int, sequence: int, timestamp: int, ssrc: int) -> bytes:
    """Return a plain header; `second` is the marker bit joined with the payload type."""
    return _FIXED.pack(0x80, second, sequence, timestamp, ssrc)


def numbered_header(
    second: int, sequence: int, timestamp: int, ssrc: int, element: int, number: int, *, first: int = 0x90
) -> bytes:
    """Return a header with a transport-wide number; `element` is made by `number_element`."""
    word = element | low16(number) << 8
    return _NUMBERED.pack(first, second, sequence, timestamp, ssrc, ONE_BYTE_PROFILE, 1, word)


def described_header(fixed: bytes, identifier: int, descriptor: bytes, number_id: int, number: int) -> bytes:
    """Return a header with a dependency descriptor and, unless its id is 0, a transport-wide number (RFC 8285)."""
    size = len(descriptor)
    if size <= ONE_BYTE_MAX and identifier < ONE_BYTE_IDS:
        profile, block = ONE_BYTE_PROFILE, bytes((identifier << 4 | size - 1,)) + descriptor
        block += bytes((number_id << 4 | 1,)) + _ORIGINAL.pack(low16(number)) if number_id else b""
    else:
        profile, block = TWO_BYTE_PLAIN, bytes((identifier, size)) + descriptor
        block += bytes((number_id, 2)) + _ORIGINAL.pack(low16(number)) if number_id else b""
    block += bytes(-len(block) % 4)
    return bytes((fixed[0] | EXTENDED,)) + fixed[1:] + _EXTENSION.pack(profile, len(block) // 4) + block


def number_element(identifier: int) -> int:
    """Return the fixed part of the element for transport-wide numbers; 0 when not negotiated."""
    return identifier << 28 | 1 << 24 if 0 < identifier < 15 else 0


def padding(payload_type: int, sequence: int, timestamp: int, ssrc: int, element: int, number: int) -> bytes:
    """Return a packet of nothing but padding (RFC 3550 section 5.1)."""
    head = numbered_header(payload_type, sequence, timestamp, ssrc, element, number, first=0x90 | PADDING)
    return head + bytes(PADDING_BYTES - 1) + bytes((PADDING_BYTES,))


def original_number(sequence: int) -> bytes:
    """Return what a retransmission puts before the payload it repeats (RFC 4588 section 4)."""
    return _ORIGINAL.pack(sequence)
