"""The panels about the meeting and about one's own connection."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import picture

pytestmark = [pytest.mark.live, pytest.mark.browser]


def open_panel(page: Page, name: str) -> Any:
    """Open a panel from the menu."""
    page.locator('[popovertarget="more-controls"]').click()
    page.locator(f'.more-controls [data-panel-open="{name}"]').click()
    panel = page.locator(f'[data-panel="{name}"]')
    expect(panel).to_be_visible()
    return panel


def test_panels_of_the_meeting_and_the_connection(visit: Visit) -> None:
    """Figures come while the panel is open, the report tells no name; the link is there, and the way to invite."""
    alice, guest = visit("alice"), visit(width=390, height=844)
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    slug = alice.create_room()
    alice.enter(slug)
    guest.enter(slug, "Camille Robert")
    panel = open_panel(alice.page, "connection")
    expect(panel.locator("[data-connection-facts]")).to_contain_text("direct (UDP)")
    expect(panel.locator("[data-connection-facts]")).to_contain_text("ms")
    expect(panel.locator("[data-connection-down]")).to_contain_text("Camera · Camille Robert")
    expect(panel.locator("[data-connection-up]")).to_contain_text("Microphone")
    expect(panel.locator("[data-connection-up]")).to_contain_text("VP8")
    found = findings(alice.page)
    picture(alice.page, "connection")
    panel.locator("[data-connection-copy]").click()
    expect(alice.page.locator("[data-notices]")).to_contain_text("Report copied")
    report = alice.page.evaluate("navigator.clipboard.readText()")
    assert "direct (UDP)" in report
    assert "Camille" not in report
    assert "Alice" not in report
    panel = open_panel(alice.page, "info")
    expect(panel).to_contain_text(f"/{slug}")
    expect(panel.locator("[data-mailto]")).to_have_attribute("target", "_blank")
    expect(panel.locator("[data-mailto]")).to_have_attribute("href", re.compile(rf"^mailto:\?subject=.*%2F{slug}"))
    found += findings(alice.page)
    picture(alice.page, "info")
    open_panel(guest.page, "connection")
    expect(guest.page.locator("[data-connection-facts]")).to_contain_text("direct (UDP)")
    picture(guest.page, "connection-phone")
    assert found + findings(guest.page) == []
