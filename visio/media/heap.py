"""Giving memory back: what rooms leave behind is kept by malloc in pieces, and some of it waits for the collector."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable

PERIOD_S = 60.0


class Heap:
    """Collects garbage while nobody can be kept waiting, and trims glibc's heap; at most once in PERIOD_S.

    Who leaves is free at once, TCP connections of asyncio and what an exception has seen are not.
    """

    def __init__(self, trim: Callable[[int], int] | None = None, collect: Callable[[], int] = gc.collect) -> None:
        self._trim = trim or getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        self._collect = collect
        self._used = False
        self._collected_at = self._trimmed_at = 0.0

    def freed(self) -> None:
        """Note that a room has ended."""
        self._used = True

    def tick(self, now: float, *, is_idle: bool) -> None:
        """Give memory back when it is time; call every second, and tell whether there is no room."""
        if is_idle and self._used and now - self._collected_at >= PERIOD_S:
            self._used, self._collected_at = False, now
            self._collect()
            self._give_back(now)
        elif self._used and now - self._trimmed_at >= PERIOD_S:
            self._give_back(now)

    def _give_back(self, now: float) -> None:
        self._trimmed_at = now
        if self._trim is not None:
            self._trim(0)
