"""How often a client may try to join: with one ticket or session, and, when it is refused, from one address."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from django.conf import settings
from django.utils.translation import gettext as _

from visio.signalling import registry
from visio.signalling.errors import RefusedError

logger = logging.getLogger("visio.signalling")

PERIODS_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
INNOCENT = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals that say nothing against the client, so that an outage of ours shuts nobody out afterwards."""


@asynccontextmanager
async def from_address(address: str) -> AsyncIterator[None]:
    """Count a refusal of the block against `address`. Raise `RefusedError` (429) instead when it had too many already.

    Who has a good ticket is neither counted nor held up: a whole administration may come from one address.
    """
    try:
        yield
    except RefusedError as refusal:
        limit, window_s = _rate(settings.JOIN_REFUSED_ADDRESS_THROTTLE_RATES)
        if refusal.status in INNOCENT or await _count(_key("address", address), window_s) <= limit:
            raise
        raise _too_many() from refusal


async def with_session(session: str) -> None:
    """Count an attempt with a ticket or session. Raise `RefusedError` (429) when there were too many."""
    limit, window_s = _rate(settings.JOIN_SESSION_THROTTLE_RATES)
    if await _count(_key("session", session), window_s) > limit:
        raise _too_many()


async def within(scope: str, who: str, rate: str) -> bool:
    """Count an action of `who` and say whether it is within a rate such as `30/minute`."""
    limit, window_s = _rate(rate)
    return await _count(_key(scope, who), window_s) <= limit


def _rate(text: str) -> tuple[int, int]:
    """Give how often and in how many seconds, of a rate such as `30/minute`."""
    count, period = text.split("/")
    return int(count), PERIODS_S[period]


def _key(scope: str, who: str) -> str:
    return f"{settings.REDIS_PREFIX}:attempts:{scope}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


async def _count(key: str, window_s: int) -> int:
    """Count one more attempt of a window that began with the first; give how many there were, 0 without Valkey."""
    try:
        async with registry.valkey() as connection, connection.pipeline() as steps:
            steps.set(key, 0, ex=window_s, nx=True)
            steps.incr(key)
            return int((await steps.execute())[1])
    except registry.VALKEY_ERRORS as error:
        logger.warning("attempts to join are not counted: Valkey is away (%s)", type(error).__name__)
        return 0


def _too_many() -> RefusedError:
    message = _("Too many attempts to join. Please wait a minute and try again.")
    return RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "too_many_attempts", message)
