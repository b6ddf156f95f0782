"""Waiting for something to become true, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

STEP_S = 0.01


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Return when the condition holds. Raise `TimeoutError` when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(STEP_S)
