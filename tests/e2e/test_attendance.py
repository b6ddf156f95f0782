"""Attendance in the browser: people are told, hosts see who is there and take the report home."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.test_two import SPEAK
from tests.e2e.visitor import Visitor, picture
from tests.stack import wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]
SPOKEN_MS = 60_000
"""The worker tells every half minute who has spoken how long."""


def test_the_report(visit: Visit) -> None:
    """From the notice before entering to the file."""
    alice, guest = visit("alice", prepare=SPEAK), visit(width=375, height=740, look="dark", language="fr")
    slug = alice.create_room("Council", "public")
    alice.enter(slug)
    guest.open(f"/{slug}")
    expect(guest.page.locator('[data-expectation="attendance"]')).to_contain_text("365 jours")
    picture(guest.page, "attendance-before")
    guest.join("Camille")
    expect(guest.page.locator("[data-attendance-kept]")).to_contain_text("365 jours")
    alice.page.locator('[popovertarget="more-controls"]').click()
    alice.page.locator('[data-panel-open="attendance"]').click()
    list_ = alice.page.locator("[data-attendance]")
    expect(list_).to_contain_text("runs the room")
    expect(list_).to_contain_text("Camille")
    found = findings(alice.page)
    picture(alice.page, "attendance-panel")
    with alice.page.expect_download() as waiting:
        alice.page.locator("[data-attendance-csv]").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert "Camille (guest, not verified)" in text
    speak(alice)
    picture(alice.page, "speaking-time")
    guest.leave()
    expect(list_.locator("li").filter(has_text="Camille").locator("[data-times]")).not_to_contain_text("now")
    alice.leave()
    expect_past(alice, slug)
    found += findings(alice.page)
    picture(alice.page, "gatherings")
    assert found == []


def speak(host: Visitor) -> None:
    """She speaks all the time: hosts see beside a raised hand, and by organisation, how long was spoken."""
    expect(host.page.locator("[data-speaking-time] li")).to_have_count(1, timeout=SPOKEN_MS)
    host.page.locator("[data-hand-toggle]").click()
    host.page.locator('[data-panel-open="people"]').first.click()
    row = host.page.locator("[data-people] li").filter(has=host.page.locator("[data-hand]:visible"))
    expect(row.locator("[data-spoken]")).to_contain_text("spoke 0:")
    host.page.locator('[popovertarget="more-controls"]').click()
    host.page.locator('[data-panel-open="attendance"]').click()


def expect_past(host: Visitor, slug: str) -> None:
    """Reload the page of past meetings until the worker's report that everybody left has arrived."""
    link = host.page.get_by_role("link", name="Attendance ODS")

    def is_there() -> bool:
        host.open(f"/rooms/{slug}/gatherings/")
        return link.count() == 1

    wait_until(is_there, "a past meeting")
