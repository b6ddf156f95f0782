"""The web process dies during a call: sound and picture go on, signalling resumes when it is back."""

from __future__ import annotations

import pytest

from tests.media_live.people import until
from tests.resilience.call import PICTURES_PER_S, Continuity, call, join_late, microphone, new_slug, operate, unhurried
from tests.stack import Stack

pytestmark = pytest.mark.live
GAP_S = 1


async def test_media_goes_on_and_signalling_resumes(service: Stack) -> None:
    slug = new_slug()
    async with call(service, slug) as (alice, bob):
        received = [Continuity(alice, bob), Continuity(bob, alice)]
        await operate(service.kill, "web")
        await operate(service.start, "web")
        await until(lambda: alice.of("reconnected") and bob.of("reconnected"), "both are back")
        await join_late(service, slug, alice, bob)
        assert max(one.silence_s for one in received) < unhurried(GAP_S)
        assert min(one.pictures / one.seconds for one in received) > PICTURES_PER_S / unhurried(2)
        microphone(alice).mute()
        await until(lambda: bob.of("track_muted"), "bob is told of the mute")
