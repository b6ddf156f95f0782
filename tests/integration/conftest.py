"""An installation with the server API on, and the library of integrators in front of it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from livekit import api

from tests.integration.receiver import (
    CITY,
    CITY_SECRET,
    KEY,
    SECRET,
    VILLAGE,
    VILLAGE_SECRET,
    Receiver,
)
from tests.stack import Stack
from visio.rooms import slugs


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """Give the server that takes webhooks."""
    with Receiver(KEY, SECRET) as running:
        yield running


@pytest.fixture(scope="session")
def open_stack(receiver: Receiver) -> Iterator[Stack]:
    """Give an installation with the server API."""
    settings = {
        "LIVEKIT_API_ENABLED": "true",
        "LIVEKIT_API_KEY": KEY,
        "LIVEKIT_API_SECRET": SECRET,
        "LIVEKIT_KEYS": f"{CITY}:{CITY_SECRET}, {VILLAGE}:{VILLAGE_SECRET}",
        "LIVEKIT_WEBHOOK_URLS": receiver.url,
    }
    with Stack(media=1, worker=True, settings=settings) as running:
        yield running


@pytest.fixture
async def operator(open_stack: Stack) -> AsyncIterator[api.LiveKitAPI]:
    """Give LiveKit's client with the service's own key."""
    async with api.LiveKitAPI(open_stack.url, KEY, SECRET, failover=False) as client:
        yield client


@pytest.fixture
async def city(open_stack: Stack) -> AsyncIterator[api.LiveKitAPI]:
    """Give LiveKit's client with the key of an integrator."""
    async with api.LiveKitAPI(open_stack.url, CITY, CITY_SECRET, failover=False) as client:
        yield client


@pytest.fixture
async def village(open_stack: Stack) -> AsyncIterator[api.LiveKitAPI]:
    """Give LiveKit's client with the key of another integrator."""
    async with api.LiveKitAPI(open_stack.url, VILLAGE, VILLAGE_SECRET, failover=False) as client:
        yield client


@pytest.fixture
def name() -> str:
    """Give the name of a new room, as integrators write them."""
    return f"Réunion n° {secrets.token_hex(4)}"


@pytest.fixture
def slug() -> str:
    """Give a new room's link."""
    return slugs.generate()
