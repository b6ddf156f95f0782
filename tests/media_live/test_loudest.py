"""More microphones than places: the loudest is heard, and the others cost nothing."""

from __future__ import annotations

import pytest

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, until
from tests.stack import Stack

pytestmark = pytest.mark.live


async def test_only_the_loudest_is_heard() -> None:
    with Stack(media=1, settings={"MEDIA_LOUDEST": "1"}) as stack:
        alice, bob, carol = (Person(name, single=name != "bob") for name in ("alice", "bob", "carol"))
        async with gathering(stack, "abc-defg-hij", alice, bob, carol), Headquarters(stack) as headquarters:
            await alice.speak(440, peak=1_000)
            await carol.hears("alice", 440, loud=(300, 1_000))
            await bob.speak(880)
            await carol.hears("bob", 880)
            before = await _sent(headquarters, "carol", "alice")
            heard = carol.received["bob", "mic"].frames()
            await until(lambda: carol.received["bob", "mic"].frames() > heard + 100, "bob goes on")
            assert await _sent(headquarters, "carol", "alice") == before
            assert carol.received["alice", "mic"].loudness() < 50


async def _sent(headquarters: Headquarters, to: str, of: str) -> int:
    _, _, who = await headquarters.find(to)
    _, _, publisher = await headquarters.find(of)
    (track,) = (item["sid"] for item in publisher["tracks"])
    (media,) = (item["media"] for item in who["subscriptions"] if item["track"] == track)
    return int(media["packets"])
