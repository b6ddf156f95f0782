"""Media through a real coturn, with the configuration and the credentials that we hand out."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import aioice.stun
import aioice.turn
import pytest
from livekit import rtc

from tests.media_live.coturn import Coturn
from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering
from tests.network import DEVICE, RELAY, SERVER, in_network
from tests.stack import Stack
from visio.media.relays import Relays

pytestmark = pytest.mark.live

RELAY_ONLY = rtc.RtcConfiguration(ice_transport_type=rtc.IceTransportType.TRANSPORT_RELAY)


async def paths(stack: Stack, identity: str) -> list[dict[str, Any]]:
    """Give the transports of somebody, as the media worker sees them."""
    async with Headquarters(stack) as headquarters:
        _, _, who = await headquarters.find(identity)
    return [peer["transport"] for peer in who["peers"]]


@in_network(*DEVICE)
@pytest.mark.parametrize(
    ("transport", "single"),
    [
        pytest.param("udp", False, id="udp, dual"),
        pytest.param("tcp", True, id="tcp, single"),
        pytest.param("udp", True, id="udp, single", marks=pytest.mark.long),
        pytest.param("tcp", False, id="tcp, dual", marks=pytest.mark.long),
    ],
)
async def test_media_flows_through_the_relay(tmp_path: Path, slug: str, single: bool, transport: str) -> None:
    """A client that may use nothing else sends and receives; the worker sees the relay's address only."""
    alice, bob = Person("alice", single=single, network=RELAY_ONLY), Person("bob", single=single)
    with (
        Coturn(tmp_path, RELAY, [SERVER], (transport,)) as coturn,
        Stack(settings={"MEDIA_HOST": SERVER, **coturn.settings}) as stack,
    ):
        async with gathering(stack, slug, alice, bob):
            await alice.speak(440)
            await bob.speak(880)
            await bob.hears("alice", 440)
            await alice.hears("bob", 880)
            assert {one["address"].split(":")[0] for one in await paths(stack, "alice")} == {RELAY}
            assert RELAY not in {one["address"].split(":")[0] for one in await paths(stack, "bob")}


async def asked(relays: Relays, now_s: float, peers: list[str]) -> dict[str, int | None]:
    """Ask a relay for the way to some addresses; give its answers, 0 for yes.

    Raise `TransactionFailed` when it does not take the credentials.
    """
    (server,) = relays.ice_servers(now_s)
    client = aioice.turn.TurnClientUdpProtocol((RELAY, 3478), server.username, server.credential, 600, 500)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: client, remote_addr=(RELAY, 3478))
    answers: dict[str, int | None] = {}
    try:
        await client.connect()
        for number, peer in enumerate(peers):
            try:
                await client.channel_bind(0x4000 + number, (peer, 7882))
                answers[peer] = 0
            except aioice.stun.TransactionFailed as refused:
                answers[peer] = refused.response.error_code
    finally:
        await client.delete()
    return answers


@in_network(*DEVICE)
async def test_it_leads_to_the_media_workers_and_nowhere_else(tmp_path: Path) -> None:
    """Neither to itself, nor to private networks, nor to the Internet; expired or foreign credentials open nothing."""
    with Coturn(tmp_path, RELAY, [SERVER]) as coturn:
        relays = Relays((RELAY,), coturn.secret, 600)
        others = ["127.0.0.1", RELAY, "10.9.0.3", "192.168.1.1", "169.254.169.254", "203.0.113.1", "224.0.0.1"]
        assert await asked(relays, time.time(), [SERVER, *others]) == {SERVER: 0, **dict.fromkeys(others, 403)}
        for refused, now_s in ((relays, time.time() - 601), (Relays((RELAY,), "guess", 600), time.time())):
            with pytest.raises(aioice.stun.TransactionFailed) as failure:
                await asked(refused, now_s, [])
            assert failure.value.response.error_code == 401
