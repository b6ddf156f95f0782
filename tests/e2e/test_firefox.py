"""The product's own page in Firefox: a guest enters, sees and is seen, shares the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.clients.firefox import Firefox
from tests.e2e.conftest import PATIENCE_MS, chromium, visitors
from tests.e2e.visitor import TILE_VIDEOS
from tests.network import DEVICE, SERVER, in_network
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.alone, pytest.mark.long]

TYPE_NAME = """() => {
  const field = document.querySelector("#guest-name");
  field.value = "Dave";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
PREVIEWS = """() => document.querySelector("[data-preview] video")?.videoWidth > 0"""
STATE = """() => document.querySelector("[data-call]").dataset.state"""
DECODED = """() => [...document.querySelectorAll("%s")].filter((video) => video.videoWidth > 0).length"""


def press(firefox: Firefox, selector: str) -> None:
    """Press a button."""
    firefox.evaluate("(selector) => document.querySelector(selector).click()", selector)


@in_network(*DEVICE)
def test_a_guest_meets_another_in_chromium(tmp_path: Path) -> None:
    """Both see both, and Firefox's screen; its console stays clean."""
    with (
        Stack(settings={"MEDIA_HOST": SERVER}) as stack,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
        visitors(stack, browser) as visit,
        Firefox(tmp_path) as firefox,
    ):
        expect.set_options(timeout=PATIENCE_MS)
        slug = stack.manage("demo").strip()
        bob = visit()
        bob.enter(slug, "Bob")
        firefox.goto(f"{stack.url}/{slug}")
        wait_until(lambda: bool(firefox.evaluate(PREVIEWS)), "Firefox shows the camera")
        firefox.evaluate(TYPE_NAME)
        press(firefox, "[data-join]")
        wait_until(lambda: firefox.evaluate(STATE) == "inside", "Firefox is inside", seconds=60)
        bob.sees(2)
        bob.receives("audio", "totalAudioEnergy", 1)
        wait_until(lambda: firefox.evaluate(DECODED % TILE_VIDEOS) == 2, "Firefox shows two pictures")
        press(firefox, '[data-control="share"]')
        bob.sees_share()
        press(firefox, "[data-leave]")
        bob.sees(1)
        assert firefox.troubles == []
