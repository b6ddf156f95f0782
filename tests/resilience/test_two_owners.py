"""Two media workers hold one room for a moment: everybody ends in one of them, and the other forgets it."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
import redis

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.resilience.call import call, meet, new_slug, perceives
from tests.stack import Stack
from visio import wire

pytestmark = pytest.mark.live
SETTLED_S = 15


async def _holders(stack: Stack, *names: str) -> Counter[str]:
    """Count, for each worker, the participants with these names."""
    async with Headquarters(stack) as headquarters:
        dumps = await headquarters.dumps()
    found = [(dump["id"], who["identity"]) for dump in dumps for room in dump["rooms"] for who in room["participants"]]
    return Counter(worker for worker, identity in found if identity in names)


async def _assert_together(stack: Stack, *names: str) -> None:
    """Wait until one worker holds everybody once and nobody is anywhere else."""
    holders = Counter[str]()
    async with asyncio.timeout(SETTLED_S):
        while list(holders.values()) != [len(names)]:
            holders = await _holders(stack, *names)
    async with Headquarters(stack) as headquarters:
        assert len(await headquarters.room_keys()) == 1


async def test_a_room_that_another_worker_owns_goes_there(service: Stack) -> None:
    async with call(service, new_slug()) as people:
        async with Headquarters(service) as headquarters:
            worker, room, _ = await headquarters.find("alice")
            (other,) = set(await headquarters.workers()) - {worker}
        with redis.Redis.from_url(service.redis_url) as client:
            client.set(wire.room_key(service.redis_prefix, room), other)
        await until(lambda: all(one.of("reconnected") for one in people), "everybody is sent to the owner")
        await meet(*people)
        assert await _holders(service, "alice", "bob") == Counter({other: 2})
        await _assert_together(service, "alice", "bob")


async def test_who_joins_while_valkey_has_forgotten_makes_no_second_room(service: Stack) -> None:
    slug = new_slug()
    async with call(service, slug) as people:
        charlie = Person("charlie", single=True)
        with redis.Redis.from_url(service.redis_url) as client:
            client.flushall()
        async with gathering(service, slug, charlie):
            await _assert_together(service, "alice", "bob", "charlie")
            for one in people:
                await perceives(charlie, one.name)
            await meet(*people)
