"""RTCP packets: reading a compound, sender and receiver reports, source descriptions (RFC 3550 section 6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct

from visio.media.serial import low24, low32

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
GOODBYE = 203

MAX_BLOCKS = 31  # a five bit count
ITEMS_MAX = 32  # that are read of one datagram; clients put a handful into one
MAX_BYTES = 1200  # one datagram, with room for SRTCP and IP below the smallest MTU in use

_HEAD = Struct("!BBH")
_SENDER = Struct("!IQIII")
_BLOCK = Struct("!IIIIII")
_WORD = Struct("!I")


@dataclass(frozen=True, slots=True)
class Item:
    """One packet of a compound: `count` is the five bit field, `body` what follows the first word."""

    kind: int
    count: int
    body: bytes


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says about itself; `ntp` in 2^-32 s."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says about one stream; `fraction_lost` in 1/256, `delay` in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


def read(data: bytes) -> Iterator[Item]:
    """Yield the first `ITEMS_MAX` packets of a compound or reduced-size packet, up to one that is broken."""
    position, size, left = 0, len(data), ITEMS_MAX
    while position + 4 <= size and left:
        first, kind, words = _HEAD.unpack_from(data, position)
        end = position + 4 + words * 4
        padding = data[end - 1] if first & 0x20 and end <= size else 0
        if first >> 6 != 2 or end > size or position + 4 > end - padding:
            return
        yield Item(kind, first & 0x1F, data[position + 4 : end - padding])
        position, left = end, left - 1


def write(kind: int, count: int, body: bytes) -> bytes:
    """Return one RTCP packet; `body` is filled up to whole words."""
    body += bytes(-len(body) % 4)
    return _HEAD.pack(0x80 | count, kind, len(body) // 4) + body


def bundle(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Join RTCP packets into datagrams of at most `MAX_BYTES`, in order."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        if gathered and size + len(part) > MAX_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
        gathered.append(part)
        size += len(part)
    if gathered:
        yield b"".join(gathered)


def read_sender_report(item: Item) -> SenderReport | None:
    """Read the sender's part of an SR; None when it is too short."""
    return SenderReport(*_SENDER.unpack_from(item.body)) if len(item.body) >= _SENDER.size else None


def read_blocks(item: Item) -> list[ReportBlock]:
    """Read the report blocks of an SR or RR, as many as are whole."""
    start = _SENDER.size if item.kind == SENDER_REPORT else 4
    whole = max(0, len(item.body) - start) // _BLOCK.size
    return [_read_block(item.body, start + n * _BLOCK.size) for n in range(min(item.count, whole))]


def _read_block(body: bytes, position: int) -> ReportBlock:
    ssrc, lost, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, position)
    total = low24(lost)
    return ReportBlock(
        ssrc, lost >> 24, total - (1 << 24) if total >> 23 else total, highest, jitter, last_report, delay
    )


def read_goodbye(item: Item) -> list[int]:
    """Read the SSRCs that a BYE ends."""
    whole = len(item.body) // 4
    return [_WORD.unpack_from(item.body, n * 4)[0] for n in range(min(item.count, whole))]


def write_sender_report(report: SenderReport) -> bytes:
    """Return an SR without report blocks."""
    body = _SENDER.pack(report.ssrc, report.ntp, low32(report.timestamp), low32(report.packets), low32(report.octets))
    return write(SENDER_REPORT, 0, body)


def write_receiver_report(ssrc: int, blocks: list[ReportBlock]) -> bytes:
    """Return an RR with at most `MAX_BLOCKS` blocks."""
    return write(RECEIVER_REPORT, len(blocks), _WORD.pack(ssrc) + b"".join(map(_write_block, blocks)))


def _write_block(block: ReportBlock) -> bytes:
    lost = block.fraction_lost << 24 | low24(max(-(1 << 23), min(block.total_lost, (1 << 23) - 1)))
    return _BLOCK.pack(
        block.ssrc, lost, low32(block.highest), low32(block.jitter), block.last_report, low32(block.delay)
    )


def write_description(ssrc: int, cname: str) -> bytes:
    """Return an SDES with the canonical name (RFC 3550 section 6.5.1)."""
    name = cname.encode()[:255]
    chunk = _WORD.pack(ssrc) + bytes((1, len(name))) + name + b"\0"
    return write(SOURCE_DESCRIPTION, 1, chunk)
