"""First numbers of a stream that the server sends."""

from collections.abc import Container
from secrets import randbelow


def new_ssrc(taken: Container[int] = ()) -> int:
    """Return a random SSRC that is not among `taken`."""
    while (ssrc := randbelow(0xFFFFFFFF) + 1) in taken:
        pass
    return ssrc


def first_sequence() -> int:
    """Return a random first sequence number below 2^15.

    If the first packets were lost around a wrap, the receiver's SRTP roll-over counter would be wrong for ever
    (RFC 3711 section 3.3.1).
    """
    return randbelow(1 << 15)
