"""Made-up people on the stage of a room's page: as many as a test wants, without their browsers."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

GATHER = Path(__file__).with_name("crowd.js").read_text(encoding="utf-8")


def gather(page: Page, count: int, frames_per_second: int = 2) -> None:
    """Show `count` people, the last one as this browser's person, instead of what the room's page shows."""
    page.evaluate(GATHER, [count, frames_per_second])
    expect(page.locator(".tile")).not_to_have_count(0)
