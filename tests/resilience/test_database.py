"""The database is away during a call: sound and picture go on, pages and joins say to try again, then all works."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from livekit import rtc

from tests.media_live.people import Person, ticket, until
from tests.outages import database_away
from tests.resilience.call import PICTURES_PER_S, Continuity, call, join_late, new_slug, unhurried
from tests.stack import Stack

pytestmark = pytest.mark.live
GAP_S = 1
HTML = "text/html"
JSON = "application/json"
PAGES = [
    ("/", HTML),
    ("/{slug}", HTML),
    ("/api/v1.0/rooms/{slug}/", JSON),
    ("/api/v1.0/users/me/", JSON),
]


def _read(url: str, accept: str) -> tuple[int, str, str]:
    """Give status, content type and text of an address, as a browser with a session asks for it."""
    headers = {"Accept": accept, "Cookie": f"visio_session={'a' * 32}", "Accept-Language": "en"}
    try:
        with urlopen(Request(url, headers=headers)) as answer:  # noqa: S310  (this machine)
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


async def test_media_goes_on_and_joins_work_again(service: Stack) -> None:
    slug = new_slug()
    address, token = await ticket(service, slug, "charlie")
    async with call(service, slug) as (alice, bob):
        received = [Continuity(alice, bob), Continuity(bob, alice)]
        with database_away(service):
            charlie = Person("charlie", single=False)
            with pytest.raises(rtc.ConnectError):
                await charlie.connect(address, token)
            await until(lambda: all(one.seconds > 3 for one in received), "three seconds of sound")
        await join_late(service, slug, alice, bob)
        assert max(one.silence_s for one in received) < unhurried(GAP_S)
        assert min(one.pictures / one.seconds for one in received) > PICTURES_PER_S / unhurried(2)


@pytest.mark.parametrize(("path", "accept"), PAGES)
async def test_a_page_says_to_try_again(service: Stack, path: str, accept: str) -> None:
    slug = new_slug()
    await ticket(service, slug, "probe")
    url = service.url + path.format(slug=slug)
    before, _, _ = await asyncio.to_thread(_read, url, accept)
    with database_away(service):
        status, kind, text = await asyncio.to_thread(_read, url, accept)
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
        assert kind.startswith(accept)
        assert "ry again" in (json.loads(text)["detail"] if accept == JSON else text)
    assert (await asyncio.to_thread(_read, url, accept))[0] == before
