"""Polls, agenda and timer in the browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]
SCREENSHOTS = settings.BASE_DIR / "build" / "screenshots"


def open_panel(who: Visitor, name: str) -> None:
    """Open a panel by the menu of the bar."""
    who.page.locator('[popovertarget="more-controls"]').click()
    who.page.locator(f'[data-panel-open="{name}"]').click()
    expect(who.page.locator(f'[data-panel="{name}"]')).to_be_visible()


def test_polls_and_agenda(visit: Visit) -> None:
    """Alice asks and sets the agenda; the guest on a telephone votes and sees the countdown."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    alice, guest = visit("alice"), visit(width=375, height=740, look="dark", language="fr")
    slug = alice.create_room("Council", "public")
    alice.enter(slug)
    guest.enter(slug, "Camille")
    open_panel(alice, "polls")
    alice.page.locator("[data-poll-new] summary").click()
    alice.page.locator("[data-poll-question]").fill("Which day suits you?")
    alice.page.locator("[data-poll-options]").fill("Monday\nTuesday\n")
    alice.page.locator("[data-poll-form] button").click()
    expect(guest.page.locator(".poll")).to_contain_text("Which day suits you?")
    guest.page.get_by_role("radio", name="Tuesday").check()
    guest.page.locator("[data-vote]").click()
    expect(guest.page.locator("[data-about]").first).to_contain_text("vous avez voté")
    expect(alice.page.locator(".poll-option").nth(1)).to_contain_text("Camille")
    expect(guest.page.locator(".poll-result").first).to_be_hidden()
    alice.page.get_by_role("button", name="Show the result to all").click()
    expect(guest.page.locator(".poll-result").nth(1)).to_be_visible()
    found = findings(alice.page) + findings(guest.page)
    alice.page.screenshot(path=SCREENSHOTS / "polls.png")
    guest.page.screenshot(path=SCREENSHOTS / "polls-phone.png")
    open_panel(alice, "agenda")
    for text in ("Welcome", "Budget"):
        alice.page.locator("[data-agenda-text]").fill(text)
        alice.page.locator("[data-agenda-form] button").click()
        expect(alice.page.locator("[data-agenda]")).to_contain_text(text)
    alice.page.get_by_role("button", name="Start Budget").click()
    expect(guest.page.locator("[data-timer]")).to_contain_text(re.compile(r"Budget\s+4:\d\d"))
    found += findings(alice.page)
    alice.page.screenshot(path=SCREENSHOTS / "agenda.png")
    guest.page.screenshot(path=SCREENSHOTS / "agenda-phone.png")
    assert found == []
