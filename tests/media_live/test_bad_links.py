"""Somebody behind a narrow or lossy link watches nine people: sound stays whole, pictures take what is left."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from tests.media_live.crowd import COUNT, crowd
from tests.media_live.far import Told, far_away
from tests.media_live.headquarters import Headquarters
from tests.media_live.link import Link
from tests.media_live.people import until
from tests.network import SERVER, in_network
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.alone]

SINGLE = pytest.mark.parametrize("single", [False, pytest.param(True, marks=pytest.mark.long)], ids=["dual", "single"])
STEADY_S = 4.0
LOST = 0.01
QUEUE_S = 0.3
CHANGES = 4
BACK_S, SLACK_S = 5.0, 5.0
PATIENCE_S = 40.0
"""Tests run on machines that do other things besides, and a client that gets no time makes up sound, too."""
LOOK_S = 0.25


class Watch:
    """What the worker sends over the link, again and again: the layer of each picture, "" for those that are paused."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, list[str]]] = []
        self.down: dict[str, Any] = {}

    async def keep(self, headquarters: Headquarters) -> None:
        """Look until cancelled."""
        while True:
            with contextlib.suppress(LookupError):  # not there yet
                self._look((await headquarters.find("far"))[2])
            await asyncio.sleep(LOOK_S)

    def _look(self, who: dict[str, Any]) -> None:
        downs = [peer["down"] for peer in who["peers"] if len(peer["down"]["tracks"]) > COUNT]
        for self.down in downs:
            layers = [str(track["layer"] or "") for track in self.down["tracks"] if track["kind"] == "video"]
            self.seen.append((time.monotonic(), layers))

    @property
    def layers(self) -> list[str]:
        """Return the layers of now."""
        return self.seen[-1][1] if self.seen else []

    def changes(self, since: float, until: float) -> int:
        """Count how often a picture changed its layer, or went or came, between two moments."""
        looks = [layers for at, layers in self.seen if since <= at <= until]
        return sum(before != after for one, other in pairwise(looks) for before, after in zip(one, other, strict=True))


class Scene:
    """The link, what is sent over it, and what arrives."""

    def __init__(self, link: Link, watch: Watch, far: Told) -> None:
        self.link, self.watch, self.far = link, watch, far

    def figures(self) -> tuple[float, float, int]:
        """Return the share of sound lost, the longest wait in the link and the changes of pictures, of late."""
        now = self.far.told[-1][0]
        waits = self.link.waited_s(now - STEADY_S, now)
        return (
            self.far.lost_sound(now - STEADY_S, now),
            max(waits, default=0.0),
            self.watch.changes(now - STEADY_S, now),
        )

    async def is_good(self) -> None:
        """Wait until for some seconds sound has been whole, the queue short, and pictures have kept still."""
        begin = self.far.told[-1][0] + STEADY_S
        figures: list[tuple[float, float, int]] = []

        def good() -> bool:
            if self.far.told[-1][0] < begin:
                return False
            figures.append(self.figures())
            lost, wait, changes = figures[-1]
            return lost < LOST and wait < QUEUE_S and changes <= CHANGES

        try:
            await until(good, "good", PATIENCE_S)
        except TimeoutError as error:
            raise AssertionError(figures[:: max(1, len(figures) // 20)]) from error


@asynccontextmanager
async def scene(slug: str, bps: int, *, loss: float = 0.0, single: bool) -> AsyncIterator[Scene]:
    """Let nine people send to somebody at the far end of a link."""
    with Link() as link, Stack(settings={"MEDIA_HOST": SERVER}, host=SERVER) as stack:
        link.down.narrow(bps)
        async with crowd(stack, slug), Headquarters(stack) as headquarters:
            link.down.lose(loss)
            link.up.lose(loss)
            async with far_away(stack, slug, link, single=single) as far:
                watch = Watch()
                watching = asyncio.create_task(watch.keep(headquarters))
                await until(lambda: far.told and any(watch.layers), "the first picture")
                yield Scene(link, watch, far)
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)


@in_network()
@SINGLE
async def test_pictures_follow_the_width_of_the_link_and_sound_does_not(slug: str, single: bool) -> None:
    """1 Mbit/s, 300 kbit/s, 5 Mbit/s: each time what fits, without a long queue, without going to and fro."""
    async with scene(slug, 1_000_000, single=single) as here:
        await here.is_good()
        shown = [layer for layer in here.watch.layers if layer]
        assert len(shown) >= 3
        here.link.down.narrow(300_000)
        await here.is_good()
        assert len([layer for layer in here.watch.layers if layer]) < len(shown)
        here.link.down.narrow(5_000_000)
        await until(
            lambda: all(here.watch.layers) and here.watch.layers.count("h") >= 6,
            "nine pictures, most of them better",
            BACK_S + SLACK_S,
        )
        await here.is_good()


@in_network()
@SINGLE
@pytest.mark.parametrize("loss", [0.05, pytest.param(0.1, marks=pytest.mark.long)])
async def test_loss_is_repaired_and_is_no_reason_to_pause_pictures(slug: str, loss: float, single: bool) -> None:
    async with scene(slug, 5_000_000, loss=loss, single=single) as here:
        await until(lambda: all(here.watch.layers) and here.watch.down["loss"] > 0, "nine pictures", PATIENCE_S)
        await until(lambda: here.figures()[0] < LOST, "whole sound", PATIENCE_S)
