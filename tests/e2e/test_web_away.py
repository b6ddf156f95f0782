"""Web is away for half a minute: browsers keep their media, and come back to the same conversation without a click."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import ENTERED_MS, Visitor
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.long]

OUTAGE_S = 30
STILL_S = 3.0
"""Longest time without a new picture: a busy machine draws late."""
BACK_MS = 2 * ENTERED_MS


class Picture:
    """Counts what one visitor decodes of another, and how long nothing came."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._seen = 0.0
        self._seen_at = time.monotonic()
        self.longest_s = 0.0

    def look(self) -> None:
        """Take a look."""
        seen, now = sum(self._visitor.inbound("video", "framesDecoded")), time.monotonic()
        self.longest_s = max(self.longest_s, now - self._seen_at)
        if seen > self._seen:
            self._seen, self._seen_at = seen, now


def test_the_picture_moves_on(installation: Stack, visit: Visit) -> None:
    alice, bob = visit("alice"), visit("bob")
    slug = alice.create_room()
    people = alice, bob
    for one in people:
        one.enter(slug)
        one.expects_breaks = True
    for one in people:
        one.sees(2)
    before = [one.participant() for one in people]
    pictures = [Picture(one) for one in people]
    began = time.monotonic()
    installation.kill("web")
    wait_until(lambda: _looked(pictures) and time.monotonic() - began > OUTAGE_S, "the outage", seconds=OUTAGE_S + 5)
    installation.start("web")
    print(f"without a new picture: {[round(one.longest_s, 2) for one in pictures]} s")
    assert max(one.longest_s for one in pictures) < STILL_S
    for one in people:
        expect(one.page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=BACK_MS)
        one.sees(2)
    assert [one.participant() for one in people] == before


def _looked(pictures: list[Picture]) -> bool:
    for one in pictures:
        one.look()
    return True
