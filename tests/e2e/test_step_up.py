"""A host asks for a stronger identity: it is proved at the provider in a small window while the call goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.test_hosts import BOB, choose
from tests.e2e.visitor import picture

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_a_stronger_identity(visit: Visit) -> None:
    """A weaker level is explained; a sufficient one is on the card at once, without a new connection."""
    alice, bob = visit("alice"), visit("bob")
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    alice.sees(2)
    connection = bob.participant()
    alice.page.locator('[data-panel-open="people"]').click()
    expect(alice.page.locator("[data-people]")).to_contain_text("eidas1")
    choose(alice.page, BOB, "Ask to confirm the identity")
    expect(bob.page.locator("#identify")).to_contain_text("Alice Martin asks you to confirm your identity")
    picture(bob.page, "step-up-asked")
    found = findings(bob.page)

    refused = _at_the_provider(bob.page, "eidas1")
    expect(refused.locator("[data-stepped-up=refused]")).to_be_visible()
    picture(refused, "step-up-refused")
    found += findings(refused)
    refused.close()
    expect(alice.page.locator("[data-people]")).not_to_contain_text("eidas2")

    choose(alice.page, BOB, "Ask to confirm the identity")
    window = _at_the_provider(bob.page, "eidas2")
    expect(bob.page.locator("[data-notices]")).to_contain_text("Your identity is confirmed: eidas2")
    expect(alice.page.locator("[data-people]")).to_contain_text("eidas2")
    assert bob.participant() == connection
    assert window.is_closed()
    alice.sees(2)
    assert found == []


def _at_the_provider(page: Page, level: str) -> Page:
    """Agree, and choose an account and a level in the small window; give it."""
    with page.expect_popup() as opened:
        page.locator("#identify").get_by_role("button", name="Confirm my identity").click()
    window = opened.value
    window.locator("#level").evaluate(WEAKER, level)
    window.locator('[name="account"][value="bob"]').click()
    return window


WEAKER = """(select, level) => {
  select.append(new Option(level, level));
  select.value = level;
}"""
"""The demo provider offers only what is good enough; somebody may still send another one."""
