"""Everybody can use it: axe finds nothing on any page or state, and the keyboard reaches everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.live, pytest.mark.browser]

AXE = Path(settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]


def findings(page: Page, within: str = "html") -> list[str]:
    """Give what axe finds: rule, element, explanation. What an open menu half covers is not to be pressed then."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate(
        "([tags, within]) => axe.run(document.querySelector(within), {runOnly: tags})", [RULES, within]
    )
    return [
        f"{page.url} {found['id']}: {node['html'][:120]} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(
    ("width", "look"),
    [
        (320, "light"),
        (1440, "dark"),
        pytest.param(320, "dark", marks=pytest.mark.long),
        pytest.param(1440, "light", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_on_pages(visit: Visit, look: Literal["light", "dark"], width: int) -> None:
    """Every page, for somebody signed in and for a stranger, light and dark, narrow and wide."""
    alice, guest = visit("alice", look=look, width=width), visit(look=look, width=width)
    guest.expects_breaks = True  # the 404 page is a failed load
    slug = alice.create_room("Council", "trusted")
    found: list[str] = []
    for path in ("/", "/rooms/new/", f"/rooms/{slug}/settings/", f"/rooms/{slug}/delete/", f"/{slug}"):
        alice.open(path)
        found += findings(alice.page)
    for path in ("/", "/join/?address=hello", f"/{slug}", f"/{slug}/goodbye/", "/nothing/"):
        guest.open(path)
        found += findings(guest.page)
    assert found == []


@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_in_the_call(visit: Visit, width: int) -> None:
    """Alone, with somebody, with devices off, with a panel, the menu and a dialog open, with a shared screen."""
    alice, guest = visit("alice", width=width), visit()
    slug = alice.create_room()
    alice.enter(slug)
    found = findings(alice.page)
    guest.enter(slug, "Camille")
    guest.press("microphone")
    guest.press("camera")
    expect(alice.tile("Camille").locator(".tile-initials")).to_be_visible()
    found += findings(alice.page)
    for opener in ('[data-panel-open="people"]', '[popovertarget="more-controls"]', '[data-open="devices"]'):
        alice.page.locator(opener).click()
        found += findings(alice.page)
    alice.page.keyboard.press("Escape")
    alice.page.locator('[data-panel="people"] [data-panel-close]').click()
    guest.press("share")
    alice.sees_share()
    assert found + findings(alice.page) == []


@pytest.mark.parametrize("width", [320, pytest.param(720, marks=pytest.mark.long)])
def test_pages_fit_narrow_screens(visit: Visit, width: int) -> None:
    """Nothing makes a page scroll sideways at 320 px, nor at 1440 px with 200 % zoom."""
    alice = visit("alice", width=width)
    slug = alice.create_room("A room with a rather long name, as administrations like them")
    for path in ("/", "/rooms/new/", f"/rooms/{slug}/settings/", f"/{slug}", f"/{slug}/goodbye/"):
        alice.open(path)
        assert alice.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_keyboard_reaches_everything_before_the_call(visit: Visit) -> None:
    """Tab walks through every control in order, each with a visible focus; Enter joins."""
    guest, alice = visit(), visit("alice")
    guest.open(f"/{alice.create_room()}")
    expect(guest.page.locator("[data-preview] video")).to_be_visible()
    assert walk(guest.page, 12) == [
        "Go to the content",
        "Visio",
        "Français",
        "Light or dark",
        "Sign in",
        "Turn the microphone off",
        "Turn the camera off",
        "Background and sound",
        "guest-name",
        "before-microphone",
        "before-camera",
        "Enter the meeting",
    ]
    guest.page.locator("#guest-name").fill("Camille")
    guest.page.keyboard.press("Enter")
    expect(guest.page.locator("[data-call]")).to_have_attribute("data-state", "inside")


def test_the_keyboard_works_in_the_call(visit: Visit) -> None:
    """Shortcuts switch devices; a dialog takes the focus and gives it back."""
    alice = visit("alice")
    alice.enter(alice.create_room())
    keyboard = alice.page.keyboard
    keyboard.press("Control+d")
    expect(alice.page.locator('[data-control="microphone"]')).to_have_accessible_name("Turn microphone on")
    keyboard.press("Control+e")
    expect(alice.page.locator('[data-control="camera"]')).to_have_accessible_name("Turn camera on")
    opener = alice.page.get_by_role("button", name="More")
    opener.focus()
    keyboard.press("Enter")
    alice.page.locator('[data-open="devices"]').focus()
    keyboard.press("Enter")
    expect(alice.page.locator("#devices")).to_be_visible()
    keyboard.press("Escape")
    expect(alice.page.locator("#devices")).to_be_hidden()
    expect(opener).to_be_focused()


def walk(page: Page, steps: int) -> list[str]:
    """Press Tab so often; give the text or id of each element that got the focus, which must be visibly marked."""
    passed: list[str] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(FOCUSED)
        assert outline != "none", name
        passed.append(name)
    return passed


FOCUSED = """() => {
  const element = document.activeElement;
  return [element.id || element.innerText.trim().split('\\n')[0], getComputedStyle(element).outlineStyle];
}"""
