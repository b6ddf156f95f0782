"""How often a client may try: per ticket or session, and when it is refused per address."""

from __future__ import annotations

import secrets

from pytest_django import Settings

from tests.signalling.client import Client
from tests.signalling.conftest import Tickets
from tests.signalling.worker import FakeWorker

FORGED = "not.a.ticket"


def _from(address: str, token: str, forwarded: str = "") -> Client:
    client = Client(token)
    client.socket.scope["client"] = [address, 40_000]
    if forwarded:
        client.socket.scope["headers"].append((b"x-forwarded-for", forwarded.encode()))
    return client


def _address() -> str:
    return f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"


async def test_one_ticket(worker: FakeWorker, ticket: Tickets, settings: Settings) -> None:
    settings.JOIN_SESSION_THROTTLE_RATES = "2/minute"
    token = ticket()
    client = Client(token)
    assert await client.connect() == 101
    await client.joined()
    assert await Client(token).connect() == 401
    refused = Client(token)
    assert await refused.connect() == 429
    assert "wait a minute" in refused.refusal
    await client.leave()
    other = Client(ticket())
    assert await other.connect() == 101
    await other.leave()


async def test_one_session(worker: FakeWorker, ticket: Tickets, settings: Settings) -> None:
    settings.JOIN_SESSION_THROTTLE_RATES = "1/minute"
    client = Client(ticket())
    await client.connect()
    fresh = await client.joined()
    again = Client(fresh, reconnect="1", sid="PA_test")
    assert await again.connect() == 101
    assert await Client(fresh, reconnect="1", sid="PA_test").connect() == 429
    await client.leave()
    await again.leave()


async def test_refusals_of_one_address(worker: FakeWorker, ticket: Tickets, settings: Settings) -> None:
    settings.JOIN_REFUSED_ADDRESS_THROTTLE_RATES = "2/minute"
    here, elsewhere = _address(), _address()
    statuses = [await _from(here, FORGED).connect() for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert await _from(elsewhere, FORGED).connect() == 401
    colleague = _from(here, ticket())
    assert await colleague.connect() == 101, "a good ticket gets in from any address"
    await colleague.leave()


async def test_a_forged_address_does_not_help(worker: FakeWorker, settings: Settings) -> None:
    settings.JOIN_REFUSED_ADDRESS_THROTTLE_RATES = "1/minute"
    here = _address()
    assert [await _from(here, FORGED, _address()).connect() for _ in range(2)] == [401, 429]


async def test_behind_a_proxy_its_clients_are_told_apart(worker: FakeWorker, settings: Settings) -> None:
    settings.JOIN_REFUSED_ADDRESS_THROTTLE_RATES = "1/minute"
    settings.TRUSTED_PROXIES = 1
    proxy, first, second = _address(), _address(), _address()
    statuses = [await _from(proxy, FORGED, f"192.0.2.1, {client}").connect() for client in (first, second, first)]
    assert statuses == [401, 401, 429]


async def test_an_outage_of_ours_is_not_counted(layer: None, ticket: Tickets, settings: Settings) -> None:
    settings.JOIN_REFUSED_ADDRESS_THROTTLE_RATES = "1/minute"
    here = _address()
    assert [await _from(here, ticket()).connect() for _ in range(3)] == [503] * 3
    assert await _from(here, FORGED).connect() == 401
