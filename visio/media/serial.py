"""Names for arithmetic on numbers that wrap: RTP sequence numbers, timestamps and picture numbers."""

LOW16, LOW32 = 0xFFFF, 0xFFFFFFFF  # masks, for the one loop in which a call is too dear


def low7(value: int) -> int:
    """Return the low 7 bits, as a short VP8 picture id carries them."""
    return value & 0x7F


def low8(value: int) -> int:
    """Return the low 8 bits, as TL0PICIDX and the feedback count carry them."""
    return value & 0xFF


def low15(value: int) -> int:
    """Return the low 15 bits, as a long VP8 picture id carries them."""
    return value & 0x7FFF


def low16(value: int) -> int:
    """Return the low 16 bits, as an RTP sequence number carries them."""
    return value & 0xFFFF


def low24(value: int) -> int:
    """Return the low 24 bits, as abs-send-time and the TWCC reference time carry them."""
    return value & 0xFFFFFF


def low32(value: int) -> int:
    """Return the low 32 bits, as an RTP timestamp carries them."""
    return value & 0xFFFFFFFF


def low64(value: int) -> int:
    """Return the low 64 bits, as an NTP time carries them."""
    return value & 0xFFFFFFFFFFFFFFFF


def middle32(value: int) -> int:
    """Return the middle 32 bits of a 64-bit NTP time, as LSR carries them (RFC 3550 section 6.4.1)."""
    return value >> 16 & 0xFFFFFFFF


def distance32(ahead: int, behind: int) -> int:
    """Return how far one timestamp is ahead of another, negative when it is behind, -2^31 to 2^31 - 1."""
    return ((ahead - behind + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def unwrap(value: int, near: int, bits: int) -> int:
    """Return the whole number nearest to `near` whose low bits are `value`."""
    half = 1 << bits - 1
    return near + ((value - near + half) & (2 * half - 1)) - half


def unwrap16(value: int, near: int) -> int:
    """Return the whole number nearest to `near` whose low 16 bits are `value`."""
    return near + ((value - near + 0x8000) & 0xFFFF) - 0x8000
