"""The administration's live pages during a call: they follow it, can be stopped, and everybody can use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings

pytestmark = [pytest.mark.live, pytest.mark.browser]

LIST = "/admin/rooms/room/live/"


@pytest.mark.parametrize("look", ["dark", pytest.param("light", marks=pytest.mark.long)])
def test_a_call_is_followed(visit: Visit, look: Literal["light", "dark"], tmp_path: Path) -> None:
    guest, admin = visit(), visit("admin", look=look)
    slug = admin.create_room("Council", "public")
    admin.open(LIST)
    guest.enter(slug, "Camille")
    page = admin.page
    page.get_by_role("link", name="Council").click()
    row = page.get_by_role("row").filter(has_text="Camille")
    expect(row.filter(has_text="connected")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="microphone")).to_be_visible()
    link = page.get_by_role("link", name="tracks that Camille gets")
    link.click()
    expect(page.get_by_role("heading", name="Tracks that Camille gets")).to_be_visible()
    page.wait_for_load_state("load")  # going to the heading takes the focus away once more
    link.focus()
    shown = page.locator(".live-at").inner_text()
    expect(page.locator(".live-at")).not_to_have_text(shown)
    expect(link).to_be_focused()
    assert findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download a report").click()
    download.value.save_as(tmp_path / "report.json")
    report = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "Camille" not in report
    assert json.loads(report)["described"]["participants"][0]["tracks"]
    page.get_by_role("button", name="Stop the updates").click()
    expect(page.get_by_role("status")).to_have_text("Updates are stopped.")
    guest.leave()
    admin.open(LIST)
    expect(page.get_by_text("Nobody is in a room.")).to_be_visible()
    assert findings(page) == []
