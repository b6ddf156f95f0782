"""Sound over a link that loses packets each way: what is lost is sent again, to clients of both connection modes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.media_live.far import Told, far_away
from tests.media_live.headquarters import Headquarters
from tests.media_live.link import Link
from tests.media_live.people import Person, gathering, until
from tests.network import SERVER, in_network
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.alone]

LOSSES = (0.05, 0.1)
LOST = 0.01
STEADY_S = 4.0
PATIENCE_S = 40.0


async def is_whole(told: Told) -> None:
    """Wait until for some seconds less than one frame in a hundred had to be made up."""
    begin = told.told[-1][0] + STEADY_S

    def whole() -> bool:
        now = told.told[-1][0]
        return now >= begin and told.lost_sound(now - STEADY_S, now) < LOST

    await until(whole, f"whole sound: {told.told[-1]}", PATIENCE_S)


async def repaired(headquarters: Headquarters) -> tuple[int, int]:
    """Give how many packets were sent again to the far end, and how many came again from there."""
    _, _, who = await headquarters.find("far")
    peers: list[dict[str, Any]] = who["peers"]
    down = sum(track["resent"] for peer in peers for track in peer["down"]["tracks"])
    up = sum(layer["recovered"] for peer in peers for track in peer["up"]["tracks"] for layer in track["layers"])
    return down, up


@in_network()
@pytest.mark.parametrize(
    "single", [pytest.param(False, id="dual"), pytest.param(True, id="single", marks=pytest.mark.long)]
)
async def test_sound_is_repaired_both_ways(slug: str, single: bool) -> None:
    alice, near = Person("alice", single=not single), Told()
    with Link() as link, Stack(settings={"MEDIA_HOST": SERVER}, host=SERVER) as stack:
        async with (
            gathering(stack, slug, alice),
            far_away(stack, slug, link, single=single, hz=880) as far,
            Headquarters(stack) as headquarters,
        ):
            await alice.speak(440)
            alice.do(near.look(alice.room))
            await until(lambda: far.told and near.told, "sound both ways")
            for loss in LOSSES:
                link.down.lose(loss)
                link.up.lose(loss)
                await asyncio.gather(is_whole(far), is_whole(near))
            assert min(await repaired(headquarters)) > 0
