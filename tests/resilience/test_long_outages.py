"""Valkey or web is away for half a minute during a call: media goes on, and afterwards everything is consistent."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, until
from tests.resilience.call import call, join_late, meet, microphone, new_slug, operate, silences, unhurried
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.long]
OUTAGE_S = 30
GAP_S = 1
BACK_S = 15
INSIDE = (
    "from visio.signalling.models import Session;"
    " print(*Session.objects.filter(left_at=None).values_list('identity', flat=True))"
)


async def _everybody(stack: Stack) -> tuple[Counter[str], Counter[str]]:
    """Count, over all workers, the rooms by name and the participants by identity."""
    async with Headquarters(stack) as headquarters:
        rooms = [room for dump in await headquarters.dumps() for room in dump["rooms"]]
    people = [who["identity"] for room in rooms for who in room["participants"]]
    return Counter(room["name"] for room in rooms), Counter(people)


async def _assert_consistent(stack: Stack, *people: Person) -> None:
    """Check that there is one room with everybody once, for the workers, the registry, the database and the clients."""
    rooms, inside = await _everybody(stack)
    names = {one.name for one in people}
    assert list(rooms.values()) == [1]
    assert inside == Counter(names)
    async with Headquarters(stack) as headquarters:
        assert await headquarters.room_keys() == set(rooms)
    async with asyncio.timeout(BACK_S):  # who left is written down by a task
        while await _written_down(stack) != sorted(names):
            pass
    assert [one.others() for one in people] == [names - {one.name} for one in people]


async def _written_down(stack: Stack) -> list[str]:
    """Give who is inside as the database has it."""
    printed = await asyncio.to_thread(stack.manage, "shell", "--no-imports", "-v0", "-c", INSIDE)
    return sorted(printed.split())


async def _live_without(service: Stack, part: str) -> None:
    began = time.monotonic()
    await operate(service.kill, part)
    await until(lambda: time.monotonic() - began > OUTAGE_S, "the outage", OUTAGE_S + 1)
    await operate(service.start, part)


async def test_valkey_is_away(service: Stack) -> None:
    slug = new_slug()
    async with call(service, slug) as (alice, bob):
        logged = len(service.log("web"))
        async with silences(alice, bob) as silent_s:
            await _live_without(service, "valkey")
            await join_late(service, slug, alice, bob)
        print(f"silent {silent_s}")
        assert max(silent_s.values()) < unhurried(GAP_S)
        microphone(alice).mute()
        await until(lambda: bob.of("track_muted"), "bob is told of the mute", BACK_S)
        await until(lambda: alice.others() == {"bob"}, "charlie is gone")
        await _assert_consistent(service, alice, bob)
        assert "is dead" not in service.log("web")[logged:]


async def test_web_is_away(service: Stack) -> None:
    """This SDK ends its media by itself after five seconds without web; tests/e2e/test_web_away.py has the browser."""
    slug = new_slug()
    async with call(service, slug) as people:
        await _live_without(service, "web")
        await until(lambda: all(one.of("reconnected") for one in people), "everybody is back", BACK_S)
        await meet(*people)
        await join_late(service, slug, *people)
        await until(lambda: all(len(one.others()) == 1 for one in people), "charlie is gone")
        await _assert_consistent(service, *people)
