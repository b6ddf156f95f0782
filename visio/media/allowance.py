"""Token buckets: how much of something may happen on average, with a burst."""

from __future__ import annotations

from visio.media.limits import (
    CHAT_LINES_BURST,
    CHAT_LINES_PER_S,
    DATA_BURST_S,
    DELIVERIES_BURST_S,
    TOLD_S,
    WISHES_BURST,
    WISHES_PER_S,
    Limits,
)


class Allowance:
    """Refills by `per_s` each second up to `burst`."""

    __slots__ = ("_burst", "_level", "_per_s", "_then")

    def __init__(self, per_s: float, burst: float, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._level = burst
        self._then = now

    def take(self, amount: float, now: float) -> bool:
        """Use `amount` if there is that much now."""
        self._level = min(self._burst, self._level + (now - self._then) * self._per_s)
        self._then = now
        if amount > self._level:
            return False
        self._level -= amount
        return True


class Allowances:
    """What one participant may use up of each kind."""

    __slots__ = (
        "changes",
        "chat_lines",
        "complaints",
        "data_bytes",
        "data_deliveries",
        "data_messages",
        "offers",
        "wishes",
    )

    def __init__(self, limits: Limits, now: float) -> None:
        per_s, messages_per_s = limits.data_bytes_per_s, limits.data_messages_per_s
        self.offers = Allowance(limits.offers_per_minute / 60, limits.offers_per_minute, now)
        self.changes = Allowance(limits.changes_per_minute / 60, limits.changes_per_minute, now)
        self.data_bytes = Allowance(per_s, per_s * DATA_BURST_S, now)
        self.data_messages = Allowance(messages_per_s, messages_per_s * DATA_BURST_S, now)
        deliveries_per_s = limits.data_deliveries_per_s
        self.data_deliveries = Allowance(deliveries_per_s, deliveries_per_s * DELIVERIES_BURST_S, now)
        self.chat_lines = Allowance(CHAT_LINES_PER_S, CHAT_LINES_BURST, now)
        self.wishes = Allowance(WISHES_PER_S, WISHES_BURST, now)
        self.complaints = Allowance(1 / TOLD_S, 1, now)
