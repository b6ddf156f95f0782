"""How many messages one client may send: a bucket that fills with time."""

from __future__ import annotations


class Bucket:
    """Holds at most `burst` tokens, gains `per_second` of them; each message takes one or more. Times are seconds."""

    def __init__(self, *, per_second: float, burst: int, now: float) -> None:
        self.per_second = per_second
        self.burst = burst
        self._tokens = float(burst)
        self._filled_at = now

    def take(self, now: float, tokens: int = 1) -> bool:
        """Take so many tokens; say whether they were there."""
        self._tokens = min(self.burst, self._tokens + (now - self._filled_at) * self.per_second)
        self._filled_at = now
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True
