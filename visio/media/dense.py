"""Numbering that leaves no place for packets that are not forwarded: padding, and voices that are not heard."""

from collections import deque

MEMORY = 256  # places taken out, beyond which a late packet cannot be numbered any more


class DenseNumbers:
    """Gives packets the numbers they would have if their sender had sent nothing but what is forwarded."""

    __slots__ = ("_shift", "_start", "_steps")

    def __init__(self, first: int) -> None:
        self._start = first
        self._shift = 0
        self._steps: deque[tuple[int, int]] = deque([(first, 0)], maxlen=MEMORY)

    def skip(self, number: int, count: int = 1) -> None:
        """Take out `count` places, up to that of the newest number; places side by side are remembered as one."""
        if self._steps and number + 1 - count == self._start:
            self._steps.pop()
        self._start = number + 1
        self._shift += count
        self._steps.append((self._start, self._shift))

    def index(self, number: int) -> int | None:
        """Return the dense number; None when its place was taken out or it is too old to know."""
        if number >= self._start:
            return number - self._shift
        limit = self._start - self._shift
        for start, shift in reversed(self._steps):
            if number >= start:
                return number - shift if number - shift < limit else None
            limit = start - shift
        return None
