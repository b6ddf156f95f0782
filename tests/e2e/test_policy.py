"""The rules of a room in the browser: set by the host, told before the call, enforced in it; the dry run."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings

pytestmark = [pytest.mark.live, pytest.mark.browser]
SCREENSHOTS = settings.BASE_DIR / "build" / "screenshots"


def test_rules_are_told_and_enforced(visit: Visit) -> None:
    """The host forbids the others' screens; a guest reads why, and gets the right during the call."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room()
    alice.open(f"/rooms/{slug}/policy/")
    alice.page.locator("#id_screen").select_option("hosts")
    alice.page.get_by_role("button", name="Save the rules").click()
    expect(alice.page.get_by_text("The rules are saved.")).to_be_visible()
    found = findings(alice.page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    alice.page.screenshot(path=SCREENSHOTS / "policy.png", full_page=True)
    guest.open(f"/{slug}")
    guest.page.locator("[data-denied] summary").click()
    expect(guest.page.locator('[data-denied-action="share_screen"]')).to_contain_text(
        "You cannot share your screen here."
    )
    found += findings(guest.page)
    guest.page.screenshot(path=SCREENSHOTS / "policy-before.png")
    guest.join("Camille")
    share = guest.page.locator('[data-control="share"]')
    expect(share).to_have_attribute("aria-disabled", "true")
    share.click(force=True)
    expect(guest.page.locator("[data-notices]")).to_contain_text("An owner or a host of the room can change this.")
    guest.page.screenshot(path=SCREENSHOTS / "policy-call.png")
    alice.page.locator("#id_screen").select_option("everybody")
    alice.page.get_by_role("button", name="Save the rules").click()
    expect(share).to_have_attribute("aria-disabled", "false")
    assert found == []


def test_the_dry_run(visit: Visit) -> None:
    """Pasted addresses with what would happen to each."""
    alice = visit("alice")
    slug = alice.create_room("Council", "restricted")
    alice.open(f"/rooms/{slug}/dry-run/")
    alice.page.locator("#id_addresses").fill("nobody@elsewhere.example\nsomebody@elsewhere.example")
    alice.page.get_by_role("button", name="Try").click()
    expect(alice.page.locator(".verdict")).to_have_count(2)
    expect(alice.page.locator(".verdict").first).to_contain_text("waits")
    alice.page.screenshot(path=SCREENSHOTS / "dry-run.png", full_page=True)
    assert findings(alice.page) == []
