"""Shared notes in the browser: two write at once, cursors stay, what was written is there after a reload."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.test_polls import open_panel

pytestmark = [pytest.mark.live, pytest.mark.browser]
SCREENSHOTS = settings.BASE_DIR / "build" / "screenshots"


def test_two_write(visit: Visit) -> None:
    """Through two browsers and Yjs itself."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    alice, guest = visit("alice"), visit(width=375, height=740, look="dark", language="fr")
    slug = alice.create_room("Council", "public")
    alice.enter(slug)
    guest.enter(slug, "Camille")
    boxes = []
    for who in (alice, guest):
        open_panel(who, "notes")
        box = who.page.locator("[data-notes-text]")
        expect(box).to_be_editable()
        boxes.append(box)
    mine, theirs = boxes
    mine.press_sequentially("# Budget\nend")
    expect(theirs).to_have_value("# Budget\nend")
    expect(guest.page.locator("[data-notes-state]")).to_contain_text("Alice Martin")
    theirs.evaluate("box => box.setSelectionRange(0, 0)")
    theirs.press_sequentially("Été 😀 ")
    expect(mine).to_have_value("Été 😀 # Budget\nend")
    mine.press_sequentially("!")  # alice's cursor is still at the end
    expect(theirs).to_have_value("Été 😀 # Budget\nend!")
    found = findings(alice.page) + findings(guest.page)
    alice.page.screenshot(path=SCREENSHOTS / "notes.png")
    guest.page.screenshot(path=SCREENSHOTS / "notes-phone.png")
    guest.enter(slug, "Camille")
    open_panel(guest, "notes")
    expect(guest.page.locator("[data-notes-text]")).to_have_value("Été 😀 # Budget\nend!")
    with alice.page.expect_download() as waiting:
        alice.page.locator("[data-notes-md]").click()
    assert "Budget" in waiting.value.path().read_text(encoding="utf-8")
    assert found == []
