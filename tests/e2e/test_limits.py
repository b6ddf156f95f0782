"""Limits as people meet them: the page says in their language why they are not let in, or not any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from livekit.protocol import rtc
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Visit, visitors
from tests.e2e.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.browser]

FULL = {
    "en": "This room is full. Please try again when somebody has left.",
    "fr": "Ce salon est complet. Veuillez réessayer quand une personne sera partie.",
}
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends window.WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
FLOOD = """(frame) => {
  const signalling = window.sockets.findLast(({ url }) => url.includes("/rtc"));
  for (let count = 0; count < 700; count += 1) signalling.send(new Uint8Array(frame));
}"""


@pytest.fixture(scope="module")
def small() -> Iterator[Stack]:
    """An installation whose rooms take one person."""
    with Stack(media=1, worker=True, provider=True, settings={"MEDIA_ROOM_PARTICIPANTS": "1"}) as stack:
        yield stack


@pytest.fixture
def visit(small: Stack, browser: Browser) -> Iterator[Visit]:
    """Visitors of that installation."""
    with visitors(small, browser) as make:
        yield make


def _try(visitor: Visitor, slug: str) -> None:
    visitor.expects_breaks = True
    visitor.open(f"/{slug}")
    visitor.page.locator("#guest-name").fill("Camille")
    expect(visitor.page.locator("[data-preview] video")).to_be_visible()
    visitor.page.locator("[data-join]").click()


@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_a_full_room_says_so(visit: Visit, language: str) -> None:
    """The person is back at the door with a sentence, and can try again when there is a place."""
    alice, guest = visit("alice"), visit(language=language)
    slug = alice.create_room()
    alice.enter(slug)
    _try(guest, slug)
    expect(guest.page.locator("[data-trouble-text]")).to_contain_text(FULL[language])
    expect(guest.page.locator("[data-before]")).to_be_visible()
    alice.page.locator("[data-leave]").click()
    alice.page.wait_for_url("**/goodbye/?why=left")
    guest.join()


def test_a_flood_ends_the_call_for_good(visit: Visit) -> None:
    """The page does not come back by itself, and says what happened."""
    guest = visit(prepare=KEEP_SOCKETS)
    guest.expects_breaks = True
    slug = visit("alice").create_room()
    guest.enter(slug, "Camille")
    guest.page.evaluate(FLOOD, list(rtc.SignalRequest(ping=1).SerializeToString()))
    guest.page.wait_for_url("**/goodbye/?why=excess")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("The connection was closed")
