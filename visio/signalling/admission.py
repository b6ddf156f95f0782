"""Who may come in: the checks before a socket is accepted, the same for `…/validate`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from livekit.protocol import rtc

from suite.lib.client_address import client_address
from visio.rooms import tickets
from visio.rooms.errors import TicketError
from visio.rooms.tickets import Ticket
from visio.signalling import api_tokens, attempts, integrators, joining, registry, sessions
from visio.signalling.errors import NoWorkerError, not_authenticated, unavailable

logger = logging.getLogger(__name__)

PATIENCE_S = 8
"""For the database and Valkey together; the server gives up on a handshake after ten seconds."""
BEARER = "bearer "
OURS = (DatabaseError, NoWorkerError, *registry.VALKEY_ERRORS)
"""What a person or client program is not to blame for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request to join that was found good: whose it is and what it asks for."""

    ticket: Ticket
    join: rtc.JoinRequest
    single: bool


@asynccontextmanager
async def guarded() -> AsyncIterator[None]:
    """Turn an absent database, Valkey or worker inside the block into a refusal that says to try again."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except OURS as error:
        logger.warning("a part of the service is away: %s: %s", type(error).__name__, error)
        raise unavailable() from error


async def examine(query_string: bytes, headers: Mapping[str, str], peer: str, *, single: bool) -> Entry:
    """Give what a request from the address `peer` asks for, when its ticket would be let in.

    Raise `RefusedError` otherwise.
    """
    async with attempts.from_address(
        client_address(peer, headers.get("x-forwarded-for", ""), settings.TRUSTED_PROXIES)
    ):
        return await _examine(joining.parse_query(query_string), headers.get("authorization", ""), single=single)


async def _examine(query: joining.Query, authorization: str, *, single: bool) -> Entry:
    ticket = await _ticket(query.get("access_token", ""), authorization)
    await attempts.with_session(str(ticket.session or ticket.jti))
    # The first clients with one peer connection (livekit-client 2.16) still asked for it at the path of the others.
    single = single or "join_request" in query
    join = joining.single(query) if single else joining.dual(query)
    async with guarded():
        await database_sync_to_async(sessions.check)(ticket, timezone.now())
    return Entry(ticket, join, single)


async def _ticket(parameter: str, authorization: str) -> Ticket:
    token = authorization[len(BEARER) :] if authorization.lower().startswith(BEARER) else parameter
    if not token:
        raise not_authenticated("ticket_missing", _("A ticket is needed to enter a room."))
    if settings.LIVEKIT_API_ENABLED and api_tokens.is_foreign(token.strip()):
        async with guarded():
            ticket: Ticket = await database_sync_to_async(integrators.admit)(token.strip(), timezone.now())
        return ticket
    try:
        return tickets.read(token.strip(), timezone.now())
    except TicketError as error:
        raise not_authenticated(error.code, error.message) from error


async def find_worker() -> None:
    """Check that a media worker takes rooms. Raise `RefusedError` otherwise."""
    async with guarded(), registry.valkey() as connection:
        if all(worker.draining for worker in await registry.workers(connection)):
            raise NoWorkerError
