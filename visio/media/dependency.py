"""The dependency descriptor, which tells what a frame needs (AV1 RTP specification, appendix A)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from visio.media.frame_kinds import ABSENT, Layout, Target
from visio.media.serial import low16

MANDATORY_BYTES = 3
TARGETS_MAX = 16  # each is a part of the stream that is measured; three layers in space and three in time make nine
TEMPLATES = 64  # templates are numbered modulo this
DESCRIPTOR_MAX_BYTES = 255  # what a two-byte header extension can hold
_OFFSET_BITS = 6
_FLAGS = 5
_RESOLUTION_BITS = 32


class MalformedError(Exception):
    """The descriptor ends early or contradicts itself."""


class _Bits:
    """Reads bits of a descriptor from its beginning."""

    __slots__ = ("_left", "_value")

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    @property
    def left(self) -> int:
        """Return how many bits are left."""
        return self._left

    def read(self, count: int) -> int:
        """Return the next bits as a number."""
        if count > self._left:
            raise MalformedError
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def read_below(self, limit: int) -> int:
        """Return a number below `limit`, which takes no more bits than needed (AV1 bitstream specification, ns(n))."""
        width = limit.bit_length()
        short = (1 << width) - limit
        value = self.read(width - 1)
        return value if value < short else (value << 1) - short + self.read(1)


@dataclass(frozen=True, slots=True)
class Structure:
    """What a key frame announces: the templates of all frames until the next one, and the targets they make."""

    offset: int
    templates: tuple[tuple[int, int, tuple[int, ...]], ...]
    targets: tuple[Target, ...]
    chains: int


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What one packet says. `active` are the targets that are sent now, one bit each, None when it is not said.

    `cut` is how many bits stand behind the place of that mask, None when it can have none.
    """

    begins: bool
    ends: bool
    template: int
    number: int
    structure: Structure | None = None
    active: int | None = None
    indications: tuple[int, ...] | None = None
    cut: int | None = None


def read(data: bytes, known: Structure | None) -> Descriptor | None:
    """Read an element with the structure that is `known` from earlier packets; None when it is malformed."""
    if not MANDATORY_BYTES <= len(data) <= DESCRIPTOR_MAX_BYTES:
        return None
    first, number = data[0], data[1] << 8 | data[2]
    begins, ends, template = bool(first & 0x80), bool(first & 0x40), first & 0x3F
    if len(data) == MANDATORY_BYTES:
        return Descriptor(begins, ends, template, number)
    try:
        return _extended(begins, ends, template, number, _Bits(data[MANDATORY_BYTES:]), known)
    except MalformedError:
        return None


def _extended(begins: bool, ends: bool, template: int, number: int, bits: _Bits, known: Structure | None) -> Descriptor:
    attached, says_active, own_indications = bits.read(1), bits.read(1), bits.read(1)
    bits.read(2)  # own frame differences and chains stand at the end, where nothing is read behind them
    structure = _structure(bits) if attached else None
    in_force = structure or known
    if in_force is None:
        if says_active or own_indications:
            raise MalformedError
        return Descriptor(begins, ends, template, number)
    count = len(in_force.targets)
    active = bits.read(count) if says_active else (1 << count) - 1 if attached else None
    cut = bits.left
    indications = tuple(bits.read(2) for _ in range(count)) if own_indications else None
    return Descriptor(begins, ends, template, number, structure, active, indications, cut)


def _structure(bits: _Bits) -> Structure:
    offset, count = bits.read(_OFFSET_BITS), bits.read(5) + 1
    if count > TARGETS_MAX:
        raise MalformedError
    layers = _layers(bits)
    indications = [tuple(bits.read(2) for _ in range(count)) for _ in layers]
    for _ in layers:
        while bits.read(1):
            bits.read(4)
    chains = bits.read_below(count + 1)
    if chains:
        for _ in range(count):
            bits.read_below(chains)
        bits.read(4 * chains * len(layers))
    if bits.read(1):
        bits.read(_RESOLUTION_BITS * (layers[-1][0] + 1))
    templates = tuple((*layer, row) for layer, row in zip(layers, indications, strict=True))
    return Structure(offset, templates, tuple(_target(templates, n) for n in range(count)), chains)


def _layers(bits: _Bits) -> list[tuple[int, int]]:
    """Return the spatial and temporal layer of each template."""
    spatial = temporal = 0
    layers: list[tuple[int, int]] = []
    while len(layers) < TEMPLATES:
        layers.append((spatial, temporal))
        step = bits.read(2)
        if step == 1:
            temporal += 1
        elif step == 2:
            spatial, temporal = spatial + 1, 0
        elif step == 3:
            return layers
        if spatial > 3 or temporal > 7:
            raise MalformedError
    raise MalformedError


def _target(templates: tuple[tuple[int, int, tuple[int, ...]], ...], number: int) -> Target:
    needed = [(spatial, temporal) for spatial, temporal, row in templates if row[number] != ABSENT]
    return max((s for s, _ in needed), default=0), max((t for _, t in needed), default=0)


def layout(structure: Structure) -> Layout:
    """Return the layout that a structure describes."""
    found = Layout(structure.targets)
    for spatial, temporal, indications in structure.templates:
        found.kind(spatial, temporal, indications)
    return found


def numbered(data: bytes, shift: int) -> bytes:
    """Return an element with its frame number shifted."""
    return data[:1] + low16((data[1] << 8 | data[2]) + shift).to_bytes(2, "big") + data[MANDATORY_BYTES:]


@lru_cache(maxsize=64)
def with_active(data: bytes, known: Structure | None, mask: int) -> bytes:
    """Return an element that says which targets are sent, if it describes a structure or said so before."""
    descriptor = read(data, known)
    if descriptor is None or descriptor.active is None or descriptor.cut is None:
        return data
    structure = descriptor.structure or known
    count = len(structure.targets) if structure is not None else 0
    size, value = 8 * (len(data) - MANDATORY_BYTES), int.from_bytes(data[MANDATORY_BYTES:], "big")
    flag = 1 << (size - 2)
    head, tail = value >> descriptor.cut, value & ((1 << descriptor.cut) - 1)
    if value & flag:
        head >>= count
    else:
        head |= flag >> descriptor.cut
        size += count
    value = ((head << count | descriptor.active & mask) << descriptor.cut) | tail
    size_bytes = (size + 7) // 8
    written = data[:MANDATORY_BYTES] + (value << -size % 8).to_bytes(size_bytes, "big")
    return written if len(written) <= DESCRIPTOR_MAX_BYTES else data
