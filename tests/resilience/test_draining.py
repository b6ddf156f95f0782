"""A media worker is asked to end while people come in: nobody is refused, new rooms go elsewhere, and it ends."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, ticket, until
from tests.resilience.call import call, meet, new_slug, operate, pairwise_silences, silences, unhurried, worker_of
from tests.stack import Stack

pytestmark = pytest.mark.live
ROOMS = 3
NEWCOMERS = 3
MOVED_S = 2
DRAIN_S = 3
END_S = 5
"""What a worker takes for its last words at most (visio/media/worker.py)."""


def _terminate(stack: Stack, name: str) -> int:
    """Ask a process to end and let it take its time; give its exit code."""
    child = stack.release(name)
    child.terminate()
    return child.wait(30)


async def _join(stack: Stack, number: int) -> str:
    """Enter a new room as its only participant and leave again; give the worker."""
    person = Person(f"newcomer-{number}", single=number % 2 == 0)
    async with gathering(stack, new_slug(), person):
        return await worker_of(stack, person.name)


async def test_rooms_move_while_people_come_in(service: Stack) -> None:
    slug = new_slug()
    async with call(service, slug) as people:
        leaving = await worker_of(service, "alice")
        async with silences(*people) as silent_s:
            ended = asyncio.get_running_loop().run_in_executor(None, _terminate, service, leaving)
            met_on = [await _join(service, number) for number in range(NEWCOMERS)]
            assert await ended == 0
            await until(lambda: all(one.of("reconnected") for one in people), "everybody is back")
            await meet(*people)
        print(f"silent {silent_s}")
        assert max(silent_s.values()) < unhurried(MOVED_S)
        assert leaving not in met_on
        assert {await worker_of(service, one.name) for one in people}.isdisjoint({leaving})
        assert "draining" in service.log(leaving)


async def test_a_worker_with_many_rooms_moves_them_all(service: Stack) -> None:
    people = [Person(f"guest-{number}", single=number % 2 == 0) for number in range(2 * ROOMS)]
    other = "media-1"
    await operate(service.stop, other)
    slugs = [new_slug() for _ in range(ROOMS)]
    try:
        await asyncio.gather(*(one.enter(service, slugs[number // 2]) for number, one in enumerate(people)))
        await operate(service.start, other)
        for one in people:
            await one.speak(440)
        pairs = list(zip(people[::2], people[1::2], strict=True))
        await asyncio.gather(*(one.hears(two.name, 440) for one, two in pairs))
        async with pairwise_silences([*pairs, *(pair[::-1] for pair in pairs)]) as silent_s:
            assert await asyncio.to_thread(_terminate, service, "media-0") == 0
            await until(lambda: all(one.of("reconnected") for one in people), "everybody is back")
            await asyncio.gather(*(one.hears(two.name, 440) for pair in pairs for one, two in (pair, pair[::-1])))
        print(f"silent {sorted(silent_s.values())}")
        assert max(silent_s.values()) < unhurried(ROOMS * MOVED_S)
        async with Headquarters(service) as headquarters:
            (dump,) = await headquarters.dumps()
            assert len(dump["rooms"]) == ROOMS
            assert {room["name"] for room in dump["rooms"]} == await headquarters.room_keys()
    finally:
        await asyncio.gather(*(one.leave() for one in people))


async def test_it_ends_at_its_deadline() -> None:
    """Valkey is away: nobody can be sent anywhere, and the call goes on until time is over."""
    with Stack(media=2, own_valkey=True, settings={"MEDIA_DRAIN_S": str(DRAIN_S)}) as stack:
        async with call(stack, new_slug()) as people:
            leaving = await worker_of(stack, "alice")
            stack.kill("valkey")
            began = time.monotonic()
            async with silences(*people):
                code = await asyncio.to_thread(_terminate, stack, leaving)
            took_s = time.monotonic() - began
            print(f"ended after {took_s:.1f} s")
            assert code == 0
            assert DRAIN_S <= took_s < DRAIN_S + unhurried(END_S)


async def test_a_second_signal_ends_it_at_once() -> None:
    with Stack(media=1, own_valkey=True) as stack:
        address, token = await ticket(stack, new_slug(), "alice")
        alice = Person("alice", single=True)
        await alice.connect(address, token)
        stack.kill("valkey")
        child = stack.release("media-0")
        began = time.monotonic()
        child.terminate()
        await until(lambda: "is draining" in stack.log("media-0"), "it has begun")
        child.terminate()
        assert await asyncio.to_thread(child.wait, 30) == 0
        assert time.monotonic() - began < unhurried(END_S)
        await alice.leave()
