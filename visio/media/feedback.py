"""RTCP feedback: lost packets and key frame requests (RFC 4585, RFC 5104)."""

from collections.abc import Iterable, Iterator
from struct import Struct

from visio.media.rtcp import Item, write
from visio.media.serial import low16, unwrap16

TRANSPORT = 205
PAYLOAD = 206

NACK = 1
TRANSPORT_WIDE = 15
PLI = 1
FIR = 4

MAX_PAIRS = 64  # of a NACK; each names up to 17 packets

_HEAD = Struct("!II")
_PAIR = Struct("!HH")
_ENTRY = Struct("!IBxxx")


def media_source(item: Item) -> int | None:
    """Return the SSRC that a feedback packet is about; None when it is cut off."""
    return int(_HEAD.unpack_from(item.body)[1]) if len(item.body) >= 8 else None


def write_nack(sender: int, source: int, lost: Iterable[int]) -> bytes:
    """Ask for packets again by (whole or 16 bit) sequence number, ascending (RFC 4585 section 6.2.1)."""
    pairs: list[bytes] = []
    first, mask = -1, 0
    for number in lost:
        if pairs and 1 <= number - first <= 16:
            mask |= 1 << (number - first - 1)
            pairs[-1] = _PAIR.pack(low16(first), mask)
        else:
            first, mask = number, 0
            pairs.append(_PAIR.pack(low16(number), 0))
    return write(TRANSPORT, NACK, _HEAD.pack(sender, source) + b"".join(pairs))


def read_nack(item: Item, near: int) -> Iterator[int]:
    """Yield the numbers asked for, unwrapped to whole numbers near one that was sent lately."""
    pairs = min((len(item.body) - 8) // 4, MAX_PAIRS)
    for n in range(pairs):
        base, mask = _PAIR.unpack_from(item.body, 8 + n * 4)
        number = unwrap16(base, near)
        yield number
        while mask:
            number += 1
            if mask & 1:
                yield number
            mask >>= 1


def write_pli(sender: int, source: int) -> bytes:
    """Ask for a key frame (RFC 4585 section 6.3.1)."""
    return write(PAYLOAD, PLI, _HEAD.pack(sender, source))


def read_fir(item: Item) -> list[int]:
    """Read the sources that must send a full intra frame (RFC 5104 section 4.3.1)."""
    entries = max(0, len(item.body) - 8) // _ENTRY.size
    return [_ENTRY.unpack_from(item.body, 8 + n * _ENTRY.size)[0] for n in range(entries)]
