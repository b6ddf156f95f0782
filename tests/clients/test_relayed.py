"""Chromium where nothing but a relay is let through: a whole call over TCP, and over TLS on port 443."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.cable import cable
from tests.clients.client import KINDS, running
from tests.clients.steps import meets
from tests.media_live.coturn import Coturn
from tests.media_live.people import Person, gathering, ticket
from tests.network import DEVICE, HERE, in_network
from tests.stack import Stack
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.alone, pytest.mark.long]

CHROMIUM = KINDS[0]


@in_network(*DEVICE)
@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
@pytest.mark.parametrize("transport", ["tcp", "tls"])
async def test_a_call_goes_through_the_relay(tmp_path: Path, transport: str, single: bool) -> None:
    """The browser accepts the relay's certificate, which no authority has signed; the SDK could not be told to."""
    alice, slug = Person("alice", single=not single), slugs.generate()
    # Chromium does not bind its TCP sockets, and takes only those that leave from an address of the device itself.
    with (
        Coturn(tmp_path, HERE, [HERE], (transport,)) as coturn,
        Stack(settings={"MEDIA_HOST": HERE, **coturn.settings}) as stack,
    ):
        async with (
            running(CHROMIUM, tmp_path) as client,
            gathering(stack, slug, alice),
            cable(stack.port) as (_, address),
        ):
            await alice.speak(440)
            await alice.show(200)
            _, token = await ticket(stack, slug, "client")
            await client.do("join", address=address, ticket=token, single=single, relay=True)
            await client.do("publish")
            await meets(CHROMIUM, client, alice)
            routes = await client.do("routes")
            assert routes
            assert {(one["type"], one["protocol"]) for one in routes} == {("relay", transport)}
