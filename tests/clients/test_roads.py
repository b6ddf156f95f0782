"""Chromium behind networks that let through little: several announced addresses, no UDP, no IPv4."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.cable import cable
from tests.clients.client import KINDS, Client, running
from tests.clients.steps import meets
from tests.media_live.link import NEAR_6, Link
from tests.media_live.people import Person, gathering, ticket
from tests.network import SERVER, in_network
from tests.stack import Stack
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.alone]

CHROMIUM = KINDS[0]
NOWHERE = "192.0.2.1"  # RFC 5737


async def goes_to(client: Client, address: str, protocol: str) -> None:
    """Expect that each connection leads to this address of the server."""
    routes = await client.do("routes")
    assert routes
    assert {(one["address"], one["protocol"]) for one in routes} == {(address, protocol)}


@in_network()
async def test_whatever_road_is_left_is_taken(tmp_path: Path) -> None:
    """First all are open, then UDP is closed, then IPv4 is gone, for signalling as well."""
    alice, slug = Person("alice", single=True), slugs.generate()
    with Link() as link, Stack(settings={"MEDIA_HOST": f"{NOWHERE},{SERVER},{NEAR_6}"}) as stack:
        async with (
            running(CHROMIUM, tmp_path, inside=link.inside) as client,
            gathering(stack, slug, alice),
            cable(stack.port, SERVER) as (_, by_4),
            cable(stack.port, NEAR_6) as (_, by_6),
        ):
            await alice.speak(440)
            await alice.show(200)

            async def meet(address: str, single: bool) -> None:
                _, token = await ticket(stack, slug, "client")
                await client.do("join", address=address, ticket=token, single=single)
                await client.do("publish")
                await meets(CHROMIUM, client, alice)

            link.far_ip(f"-6 route add prohibit {NEAR_6}/128")
            await meet(by_4, False)
            await goes_to(client, SERVER, "udp")
            await client.do("leave")
            link.far_ip("rule add pref 50 ipproto udp prohibit")
            await meet(by_4, True)
            await goes_to(client, SERVER, "tcp")
            await client.do("leave")
            link.far_ip("rule delete pref 50")
            link.far_ip(f"-6 route delete prohibit {NEAR_6}/128")
            link.far_ip("address flush dev far scope global to 10.0.0.0/8")
            await meet(by_6, True)
            await goes_to(client, NEAR_6, "udp")
