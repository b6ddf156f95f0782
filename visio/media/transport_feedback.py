"""Transport-wide congestion control feedback packets (draft-holmer-rmcat-transport-wide-cc-extensions-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from struct import Struct

from visio.media.feedback import TRANSPORT, TRANSPORT_WIDE
from visio.media.rtcp import Item, write
from visio.media.serial import low8, low16, low24

TICK_HZ = 4000  # deltas count 250 us
REFERENCE_TICKS = 256  # the reference time counts 64 ms
TICK_BITS = 32  # after which ticks begin anew: 24 of the reference time
MAX_STATUSES = 2048  # packets that one feedback may cover

_HEAD = Struct("!IIHHI")
_CHUNK = Struct("!H")
_SMALL, _LARGE = 1, 2
_MAX_RUN = 8191  # 13 bits
_VECTOR = 7  # two bit symbols in one chunk
_LARGE_DELTA = Struct("!h")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One feedback: the arrival tick of each packet from `base` on, None for those that did not arrive.

    What was read has the low `TICK_BITS` bits of the receiver's clock: it goes back to 0 after twelve days.
    """

    base: int
    count: int
    arrivals: tuple[int | None, ...]


def write_feedback(sender: int, source: int, feedback: Feedback) -> tuple[bytes, int]:
    """Return the packet and how many of the arrivals it covers: it ends before a delta that does not fit."""
    first = next((tick for tick in feedback.arrivals if tick is not None), 0)
    reference = first // REFERENCE_TICKS
    previous = reference * REFERENCE_TICKS
    symbols: list[int] = []
    deltas: list[bytes] = []
    for tick in feedback.arrivals[:MAX_STATUSES]:
        if tick is None:
            symbols.append(0)
            continue
        delta = tick - previous
        if not -32768 <= delta <= 32767:
            break
        small = 0 <= delta <= 255
        symbols.append(_SMALL if small else _LARGE)
        deltas.append(bytes((delta,)) if small else _LARGE_DELTA.pack(delta))
        previous = tick
    fixed = _HEAD.pack(sender, source, low16(feedback.base), len(symbols), low24(reference) << 8 | low8(feedback.count))
    return write(TRANSPORT, TRANSPORT_WIDE, fixed + _write_chunks(symbols) + b"".join(deltas)), len(symbols)


def _write_chunks(symbols: Sequence[int]) -> bytes:
    chunks: list[bytes] = []
    position, size = 0, len(symbols)
    while position < size:
        run = _run_length(symbols, position)
        if run >= _VECTOR or position + run == size:
            chunks.append(_CHUNK.pack(symbols[position] << 13 | run))
            position += run
            continue
        word = 0xC000
        for n, symbol in enumerate(symbols[position : position + _VECTOR]):
            word |= symbol << 2 * (_VECTOR - 1 - n)
        chunks.append(_CHUNK.pack(word))
        position += _VECTOR
    return b"".join(chunks)


def _run_length(symbols: Sequence[int], start: int) -> int:
    stop = start + 1
    while stop < len(symbols) and stop - start < _MAX_RUN and symbols[stop] == symbols[start]:
        stop += 1
    return stop - start


def read_feedback(item: Item) -> Feedback | None:
    """Read a feedback packet; None when it is cut off."""
    body = item.body
    if len(body) < _HEAD.size:
        return None
    _, _, base, size, word = _HEAD.unpack_from(body)
    if size > MAX_STATUSES:
        return None
    position = _HEAD.size
    symbols: list[int] = []
    while len(symbols) < size:
        if position + 2 > len(body):
            return None
        symbols += _read_chunk(_CHUNK.unpack_from(body, position)[0])
        position += 2
    arrivals = _read_deltas(symbols[:size], body[position:], (word >> 8) * REFERENCE_TICKS)
    return None if arrivals is None else Feedback(base, low8(word), tuple(arrivals))


def _read_chunk(word: int) -> list[int]:
    if not word & 0x8000:
        return [word >> 13 & 3] * (word & 0x1FFF)
    if word & 0x4000:
        return [word >> 2 * n & 3 for n in range(_VECTOR - 1, -1, -1)]
    return [word >> n & 1 for n in range(13, -1, -1)]


def _read_deltas(symbols: Sequence[int], data: bytes, tick: int) -> list[int | None] | None:
    count = len(symbols)
    if symbols.count(_SMALL) == count:  # the usual case: everything came, and soon
        ticks: list[int | None] = list(accumulate(data[:count], initial=tick))
        return ticks[1:] if len(data) >= count else None
    arrivals: list[int | None] = []
    position = 0
    for symbol in symbols:
        if symbol == 0 or symbol > _LARGE:
            arrivals.append(None)
            continue
        if position + symbol > len(data):
            return None
        tick += data[position] if symbol == _SMALL else _LARGE_DELTA.unpack_from(data, position)[0]
        position += symbol
        arrivals.append(tick)
    return arrivals
