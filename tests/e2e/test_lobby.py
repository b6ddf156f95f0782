"""The lobby in the browser: ask, wait, be let in without a reload; the host sees who it is and decides."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import ENTERED_MS

pytestmark = [pytest.mark.live, pytest.mark.browser]
SCREENSHOTS = settings.BASE_DIR / "build" / "screenshots"


def test_waiting_and_being_let_in(visit: Visit) -> None:
    """And put out again by the host."""
    alice, guest = visit("alice"), visit()
    guest.expects_breaks = True  # being put out ends the connection, and the page after it is a refusal
    slug = alice.create_room("Council", "restricted")
    alice.enter(slug)
    guest.open(f"/{slug}")
    guest.page.locator("#guest-name").fill("Camille")
    guest.page.locator("[data-join]").click()
    expect(guest.page.locator("[data-told]")).to_have_text("The host has been told.")
    expect(guest.page.locator("[data-position]")).to_have_text("You are number 1 of 1 waiting.")
    expect(alice.page.locator("[data-notices]")).to_contain_text("Camille is waiting to be let in")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    guest.page.screenshot(path=SCREENSHOTS / "waiting.png")
    found = findings(guest.page)
    alice.page.locator('[data-panel-open="people"]').click()
    expect(alice.page.locator("[data-lobby-people]")).to_contain_text("guest, not verified")
    found += findings(alice.page)
    alice.page.screenshot(path=SCREENSHOTS / "lobby.png")
    alice.page.locator("[data-lobby-text]").fill("One minute")
    alice.page.get_by_role("button", name="Send").click()
    expect(guest.page.locator("[data-host-message]")).to_have_text("Alice Martin: One minute")
    alice.page.get_by_role("button", name="Let in Camille").click()
    expect(guest.page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=ENTERED_MS)
    expect(alice.page.locator("[data-people]")).to_contain_text("admitted by Alice Martin")
    alice.page.screenshot(path=SCREENSHOTS / "people.png")
    alice.page.get_by_role("button", name="More about Camille").click()
    alice.page.locator("[data-menu-actions]").get_by_role("button", name="Put out for good").click()
    alice.page.locator("[data-confirm-yes]").click()
    guest.page.wait_for_url("**/goodbye/?why=removed")
    guest.open(f"/{slug}")
    expect(guest.page.locator("main")).to_contain_text("You were put out of this room and may not come back.")
    assert found == []
