"""Hands, reactions, the spotlight and the freeze with three people, one of whom comes late; pictures of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.test_hosts import BOB, choose
from tests.e2e.visitor import Visitor, picture

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.long]


def test_hands_the_spotlight_and_the_freeze(visit: Visit) -> None:
    """Everybody sees the same, and what a host decides takes hold of everybody at once."""
    alice, bob = visit("alice", width=1280, height=800), visit("bob", language="fr", look="dark")
    guest = visit(width=375, height=720)
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    _hands(alice, bob)
    choose(alice.page, BOB, "Show large to everybody")
    guest.enter(slug, "Camille")
    for visitor in (alice, guest):
        expect(visitor.page.locator(".tile.lit")).to_contain_text(BOB)
    picture(alice.page, "hosts-spotlight")
    picture(guest.page, "hosts-spotlight-phone")
    found = findings(alice.page) + findings(guest.page)
    found += _frozen(alice, bob, guest)
    assert found == []


def _hands(alice: Visitor, bob: Visitor) -> None:
    """Bob raises a hand and applauds; alice gives him the floor."""
    bob.page.locator("[data-hand-toggle]").click()
    expect(alice.page.locator("[data-notices]")).to_contain_text(f"{BOB} raises a hand")
    bob.page.locator('[popovertarget="more-controls"]').click()
    bob.page.get_by_role("button", name="Applaudir").click()
    expect(alice.tile(BOB).locator("[data-reaction]")).to_have_text("👏")
    alice.page.locator('[data-panel-open="people"]').click()
    picture(alice.page, "hosts-hands")
    choose(alice.page, BOB, "Give the floor")
    expect(bob.page.locator("[data-hand-toggle]")).to_have_attribute("aria-pressed", "false")
    expect(alice.tile(BOB).locator("[data-hand]")).to_be_hidden()


def _frozen(alice: Visitor, bob: Visitor, guest: Visitor) -> list[str]:
    """Freeze the meeting after being asked once more, look at everybody, and let it go on."""
    page = alice.page
    page.get_by_role("button", name="Run the meeting").click()
    page.locator("[data-freeze]").click()
    picture(page, "hosts-freeze")
    found = findings(page)
    page.locator("[data-confirm-yes]").click()
    for visitor in (bob, guest):
        expect(visitor.page.locator('[data-banner="frozen"]')).to_be_visible()
        expect(visitor.page.locator('[data-control="camera"]')).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".tile.faceless")).to_have_count(2)
    picture(bob.page, "hosts-frozen")
    picture(guest.page, "hosts-frozen-phone")
    found += findings(bob.page) + findings(guest.page)
    page.locator("[data-freeze]").click()
    expect(guest.page.locator('[data-banner="frozen"]')).to_be_hidden()
    guest.press("camera")
    expect(page.locator(".tile.faceless")).to_have_count(1)
    return found
