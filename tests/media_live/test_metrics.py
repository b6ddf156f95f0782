"""A call, as an operator's Prometheus sees it: over HTTP, from the real processes."""

from __future__ import annotations

import asyncio
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack

pytestmark = pytest.mark.live
FRESH = 50


def _read(url: str, token: str = "") -> dict[str, float]:
    """Give every sample of a page, by name and labels."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310  (this machine)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        page = answer.read().decode()
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


async def _of_worker(stack: Stack, index: int) -> dict[str, float]:
    port = int(stack.env["MEDIA_METRICS_PORT"]) + index
    return await asyncio.to_thread(_read, f"http://127.0.0.1:{port}/metrics")


async def test_a_call_is_seen(stack: Stack, slug: str) -> None:
    alice, bob = Person("alice", single=False), Person("bob", single=True)
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await alice.show(200)
        await asyncio.gather(bob.hears("alice", 440), bob.sees("alice", 200))
        worker, _, _ = await headquarters.find("alice")
        index = int(worker.partition("-")[0])
        first = await _of_worker(stack, index)
        heard = bob.received["alice", "mic"]
        enough = heard.frames() + FRESH
        await until(lambda: heard.frames() > enough, "bob hears more")
        second = await _of_worker(stack, index)
        web = await asyncio.to_thread(_read, f"{stack.url}/metrics", stack.env["METRICS_TOKEN"])
    for direction in ("in", "out"):
        for kind in ("audio", "video"):
            name = f"visio_media_packets_total {direction} {kind}"
            assert second[name] > first[name] > 0
    assert second["visio_media_participants"] >= 2
    assert second["visio_media_subscriptions"] >= 2
    assert second["visio_media_connections udp"] >= 3
    assert second["visio_media_participants_by_quality excellent"] >= 1
    assert second["visio_media_join_seconds_count"] >= 2
    assert second["visio_media_loop_lag_seconds_count"] > first["visio_media_loop_lag_seconds_count"]
    assert web[f"visio_worker_participants {worker}"] >= 2
    assert web["visio_web_sockets"] >= 2
    assert web["visio_web_joins_total"] >= 2
