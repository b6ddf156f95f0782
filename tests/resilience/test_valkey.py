"""Valkey dies or forgets during a call: sound and picture go on, signalling resumes, no worker is thought dead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import redis

from tests.media_live.people import Person, gathering, until
from tests.resilience.call import PICTURES_PER_S, Continuity, call, join_late, microphone, new_slug, operate, unhurried
from tests.stack import Stack

pytestmark = pytest.mark.live
OUTAGE_S = 3
GAP_S = 1
Trouble = Callable[[Stack, Continuity], Awaitable[None]]


async def _crash(service: Stack, sound: Continuity) -> None:
    await operate(service.kill, "valkey")
    await until(lambda: sound.seconds > OUTAGE_S, "sound all through the outage")
    await operate(service.start, "valkey")


async def _forget(service: Stack, sound: Continuity) -> None:
    with redis.Redis.from_url(service.redis_url) as client:
        client.flushall()
    await until(lambda: sound.seconds > OUTAGE_S, "sound all through the loss")


@pytest.mark.parametrize("trouble", [_crash, _forget], ids=["crash", "loss"])
async def test_media_goes_on_and_signalling_resumes(service: Stack, trouble: Trouble) -> None:
    slug = new_slug()
    async with call(service, slug) as (alice, bob):
        received = [Continuity(alice, bob), Continuity(bob, alice)]
        logged = len(service.log("web"))
        await trouble(service, received[0])
        await join_late(service, slug, alice, bob)
        assert max(one.silence_s for one in received) < unhurried(GAP_S)
        assert min(one.pictures / one.seconds for one in received) > PICTURES_PER_S / unhurried(2)
        microphone(alice).mute()
        await until(lambda: bob.of("track_muted"), "bob is told of the mute")
        assert "is dead" not in service.log("web")[logged:]


async def test_the_first_who_joins_after_a_restart_gets_in(service: Stack) -> None:
    before = Person("alice", single=True)
    async with gathering(service, new_slug(), before):
        pass
    logged = len(service.log("web"))
    await operate(service.restart, "valkey")
    after = Person("alice", single=True)
    async with gathering(service, new_slug(), after):
        assert after.room.isconnected()
    assert "join refused" not in service.log("web")[logged:]
