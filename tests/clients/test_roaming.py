"""A device changes its network in mid-call: it goes on from its new address, without joining anew."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.clients.client import FIREFOX, KINDS, Kind
from tests.clients.nat import nat
from tests.clients.steps import meets, talking
from tests.media_live.headquarters import Headquarters
from tests.network import DEVICE, ELSEWHERE, HERE, RELAY, SERVER, in_network, ip
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.alone]

WIFI_ONLY = (*DEVICE, f"address delete {ELSEWHERE}/24 dev elsewhere")
SDK = next(kind for kind in KINDS if kind.name == "livekit for Python")
ROAMING = [
    pytest.param(SDK, True, id=SDK.name),
    *(
        pytest.param(kind, mode, id=kind.name, marks=pytest.mark.long)
        for kind, mode in ((KINDS[0], False), (FIREFOX, True))
    ),
]
ROAM_S = 60.0
"""libwebrtc gives a silent path up after 15 s, and the machine may be busy."""


def roam() -> None:
    """Lose one network, and get another one with another address."""
    ip(f"address add {ELSEWHERE}/24 dev elsewhere")
    ip(f"address delete {HERE}/24 dev here")
    ip("link set here down")
    ip("route add default dev elsewhere")


async def addresses(headquarters: Headquarters, identity: str) -> set[str]:
    """Give from where the transports of somebody come, as the media worker sees it."""
    _, _, who = await headquarters.find(identity)
    transports: list[dict[str, Any]] = [peer["transport"] for peer in who["peers"]]
    return {one["address"].rpartition(":")[0] for one in transports}


async def arrive(headquarters: Headquarters, wanted: set[str]) -> None:
    """Wait until both people send from these addresses only."""
    async with asyncio.timeout(ROAM_S):
        while any([await addresses(headquarters, name) != wanted for name in ("alice", "client")]):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


@in_network(*WIFI_ONLY)
@pytest.mark.parametrize(("kind", "single"), ROAMING)
async def test_a_call_goes_on_from_another_network(tmp_path: Path, kind: Kind, single: bool) -> None:
    """The socket goes with the old network. Sound and picture flow both ways again, and nobody was seen to leave."""
    with Stack(settings={"MEDIA_HOST": SERVER}) as stack:
        async with (
            talking(stack, kind, tmp_path, single=single) as (client, alice, way),
            Headquarters(stack) as headquarters,
        ):
            before = (await client.look())["sid"]
            assert await addresses(headquarters, "client") == {HERE}
            roam()
            assert way.cut()
            await arrive(headquarters, {ELSEWHERE})
            await meets(kind, client, alice)
            assert (await client.look())["sid"] == before
            assert not alice.of("participant_disconnected")


@in_network(*DEVICE)
async def test_a_router_that_forgets_interrupts_for_seconds_only(tmp_path: Path) -> None:
    """The packets come from another port all at once: nobody joins anew, and no ICE restart is needed."""
    with Stack(settings={"MEDIA_HOST": RELAY, "MEDIA_BIND": SERVER}) as stack:
        port = int(stack.env["MEDIA_UDP_PORT"])
        async with (
            nat((RELAY, port), (SERVER, port)) as router,
            talking(stack, SDK, tmp_path, single=True) as (client, alice, _),
        ):
            before = (await client.look())["sid"]
            assert router.forget()
            await meets(SDK, client, alice)
            assert (await client.look())["sid"] == before
            assert not alice.of("participant_disconnected")
            assert not alice.of("reconnecting")
