"""Firefox in a network of its own, as it takes no loopback address: both ways, layers, screen share, a lost socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.client import FIREFOX, KINDS, Client, running
from tests.clients.steps import hold_meeting
from tests.media_live.people import ticket
from tests.network import DEVICE, SERVER, in_network
from tests.stack import Stack
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.alone]

MODE = pytest.mark.parametrize(
    "single", [pytest.param(False, id="dual"), pytest.param(True, id="single", marks=pytest.mark.long)]
)
LOW, HIGH = 0, 2
NARROW, WIDE = 320, 1280


@in_network(*DEVICE)
@MODE
async def test_a_whole_meeting(tmp_path: Path, single: bool) -> None:
    """The same as with all clients, up to the end of the worker."""
    with Stack(settings={"MEDIA_HOST": SERVER}) as stack:
        await hold_meeting(stack, FIREFOX, tmp_path, single=single)


async def watches(viewer: Client, who: str, quality: int, width: int) -> None:
    """Wait until a layer that was asked for is the one that is shown, and moves."""
    await viewer.do("watch", quality=quality)
    key = f"{who}/camera"
    await viewer.until(lambda seen: seen["seen"].get(key, {}).get("width") == width, f"{who} {width} wide")
    before = (await viewer.look())["seen"][key]["frames"]
    await viewer.until(lambda seen: seen["seen"][key]["frames"] > before + 5, f"{who} moves, {width} wide")


@pytest.mark.long  # Firefox leaves out its largest layer when the machine is busy
@in_network(*DEVICE)
async def test_layers_of_and_for_firefox(tmp_path: Path) -> None:
    """Chromium chooses among Firefox's, Firefox among Chromium's."""
    slug = slugs.generate()
    folders = [tmp_path / name for name in ("firefox", "chromium")]
    for folder in folders:
        folder.mkdir()
    with Stack(settings={"MEDIA_HOST": SERVER}) as stack:
        async with running(FIREFOX, folders[0]) as firefox, running(KINDS[0], folders[1]) as chromium:
            for name, client in (("firefox", firefox), ("chromium", chromium)):
                address, token = await ticket(stack, slug, name)
                await client.do("join", address=address, ticket=token, single=True)
                await client.do("publish")
            for quality, width in ((HIGH, WIDE), (LOW, NARROW), (HIGH, WIDE)):
                await watches(chromium, "firefox", quality, width)
                await watches(firefox, "chromium", quality, width)
