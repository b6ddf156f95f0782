"""The page before the call: preview, level, devices, memory, missing permission, language and look."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.stack import wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

REFUSE = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };
"""


def test_one_sees_and_hears_oneself(visit: Visit) -> None:
    """The preview moves and the level follows the (beeping) microphone."""
    alice = visit("alice")
    alice.open(f"/{alice.create_room()}")
    expect(alice.page.locator("[data-preview] video")).to_be_visible()
    level = alice.page.locator("[data-level]")
    wait_until(lambda: level.get_attribute("aria-valuenow") not in (None, "0"), "the level moves")
    expect(alice.page.locator("#before-microphone option").first).to_be_attached()


def test_choices_are_remembered(visit: Visit) -> None:
    """A guest's name and a camera that was off are the same next time."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room()
    guest.open(f"/{slug}")
    guest.page.locator("#guest-name").fill("Camille")
    guest.page.locator('[data-toggle="camera"]').click()
    expect(guest.page.locator("[data-camera-state]")).to_have_text("Your camera is off")
    guest.page.locator("[data-join]").click()
    expect(guest.tile("Camille (you)").locator(".tile-initials")).to_be_visible()
    guest.open(f"/{slug}")
    expect(guest.page.locator("#guest-name")).to_have_value("Camille")
    expect(guest.page.locator('[data-toggle="camera"]')).to_have_accessible_name("Turn the camera on")


def test_without_permission_one_enters_all_the_same(visit: Visit) -> None:
    """The page says how to give it; one is in the call, seen as initials and muted."""
    alice = visit("alice", prepare=REFUSE)
    alice.open(f"/{alice.create_room()}")
    expect(alice.page.locator("[data-permission]")).to_contain_text("Switch “Microphone” and “Camera” on.")
    alice.page.locator("[data-join]").click()
    tile = alice.tile("Alice Martin (you)")
    expect(tile.locator("[data-muted]")).to_be_visible()
    alice.press("camera")
    expect(alice.page.locator("[data-notices]")).to_contain_text("does not give access")


def test_the_language_switch(visit: Visit) -> None:
    """French by the browser; English by the switch, on every page, browser modules included."""
    alice = visit("alice", language="fr")
    slug = alice.create_room()
    alice.open(f"/{slug}")
    expect(alice.page.locator("[data-join]")).to_have_text("Entrer dans la réunion")
    expect(alice.page.locator('[data-toggle="camera"]')).to_have_accessible_name("Couper la caméra")
    alice.page.get_by_role("button", name="English").click()
    expect(alice.page.locator("html")).to_have_attribute("lang", "en")
    expect(alice.page.locator('[data-toggle="camera"]')).to_have_accessible_name("Turn the camera off")
    alice.open("/")
    expect(alice.page.get_by_role("heading", name="Start a meeting now")).to_be_visible()


def test_the_look_switch(visit: Visit) -> None:
    """Dark at once, and still dark on the next page."""
    guest = visit()
    guest.open("/")
    light = guest.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    guest.page.locator("summary", has_text="Light or dark").click()
    guest.page.get_by_role("button", name="Dark").click()
    expect(guest.page.locator("html")).not_to_have_css("background-color", light)
    guest.open("/")
    expect(guest.page.locator("html")).to_have_attribute("data-look", "dark")
