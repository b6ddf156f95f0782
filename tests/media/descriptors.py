"""Dependency descriptors as a publisher of AV1 with two spatial and two temporal layers writes them."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = "-DSR"
Template = tuple[int, int, str]
"""Spatial layer, temporal layer, and one letter for each target: absent, discardable, switch, required."""

KEYED: tuple[Template, ...] = (
    (0, 0, "SSSS"),
    (0, 0, "SS--"),
    (0, 1, "-D--"),
    (1, 0, "--SS"),
    (1, 1, "---D"),
)
"""L2T2_KEY: the upper picture needs the lower one in key frames only."""
NESTED: tuple[Template, ...] = (
    (0, 0, "SSSS"),
    (0, 0, "SSRR"),
    (0, 1, "-D-R"),
    (1, 0, "--SS"),
    (1, 1, "---D"),
)
"""L2T2: the upper picture always needs the lower one."""
CHAINS = 2


class Bits:
    """Collects bits."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, value: int, width: int) -> Bits:
        """Append a number."""
        self._text += format(value, f"0{width}b") if width else ""
        return self

    def bytes(self) -> bytes:
        """Return what was collected, filled up with zeros."""
        text = self._text + "0" * (-len(self._text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""


def descriptor(
    template: int,
    number: int,
    *,
    begins: bool = True,
    ends: bool = True,
    structure: Sequence[Template] = (),
    offset: int = 0,
    active: int | None = None,
    own: str = "",
) -> bytes:
    """Return an element; with `structure` it is that of a key frame."""
    head = bytes((begins << 7 | ends << 6 | template % 64,)) + (number % 65536).to_bytes(2, "big")
    if not structure and active is None and not own:
        return head
    bits = Bits().add(bool(structure), 1).add(active is not None, 1).add(bool(own), 1).add(0, 2)
    if structure:
        _write_structure(bits, structure, offset)
    if active is not None:
        bits.add(active, len((structure or KEYED)[0][2]))
    for letter in own:
        bits.add(NUMBERS.index(letter), 2)
    return head + bits.bytes()


def _write_structure(bits: Bits, templates: Sequence[Template], offset: int) -> None:
    targets = len(templates[0][2])
    bits.add(offset, 6).add(targets - 1, 5)
    for (spatial, temporal, _), after in zip(templates, [*templates[1:], None], strict=True):
        step = 3 if after is None else 2 if after[0] > spatial else 1 if after[1] > temporal else 0
        bits.add(step, 2)
    for _, _, letters in templates:
        for letter in letters:
            bits.add(NUMBERS.index(letter), 2)
    for place in range(len(templates)):
        bits.add(bool(place), 1)
        if place:
            bits.add(0, 4).add(0, 1)
    bits.add(CHAINS, (targets + 1).bit_length() - 1)  # as ns(targets + 1) writes a small number
    for _ in range(targets):
        bits.add(0, 1)
    for _ in templates:
        bits.add(0, 4 * CHAINS)
    bits.add(1, 1).add(319, 16).add(179, 16).add(639, 16).add(359, 16)
