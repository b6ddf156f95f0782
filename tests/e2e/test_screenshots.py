"""Pictures of every page and of a lively call, in build/screenshots, for people to look at.

docs/screenshot.png is a copy of build/screenshots/call-en.png.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.portraits import portrait
from tests.e2e.test_two import SPEAK
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]

FOLDER = Path(settings.BASE_DIR / "build" / "screenshots")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
NAMES = {"en": "Steering committee", "fr": "Comité de direction"}


def take(visitor: Visitor, name: str, *, whole: bool = True) -> None:
    """Take a picture on a desk's screen and on a phone's."""
    for size, suffix in ((DESK, ""), (PHONE, "-phone")):
        visitor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        visitor.page.wait_for_load_state("networkidle")
        visitor.page.screenshot(path=FOLDER / f"{name}{suffix}.png", full_page=whole)
    visitor.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


@pytest.mark.parametrize(
    ("language", "look"),
    [
        ("en", "light"),
        ("fr", "dark"),
        *(pytest.param(*style, marks=pytest.mark.long) for style in (("en", "dark"), ("fr", "light"))),
    ],
)
def test_pages(visit: Visit, language: str, look: Literal["light", "dark"]) -> None:
    """Every page, for somebody signed in and for a stranger."""
    style = f"{language}-{look}"
    alice = visit("alice", language=language, look=look, prepare=portrait(0))
    guest = visit(language=language, look=look)
    guest.expects_breaks = True  # the 404 page is a failed load
    slug = alice.create_room(NAMES[language], "trusted")
    for name, path in (("settings", f"/rooms/{slug}/settings/"), ("create", "/rooms/new/"), ("rooms", "/")):
        alice.open(path)
        take(alice, f"{name}-{style}")
    alice.open(f"/{slug}")
    expect(alice.page.locator("[data-preview] video")).to_be_visible()
    take(alice, f"before-{style}")
    pages = {"home": "/", "waiting": f"/{slug}", "goodbye": f"/{slug}/goodbye/", "nothing": "/nothing/"}
    pages |= {"accessibility": "/accessibility/", "offline": f"/offline/?{language}"}
    for name, path in pages.items():
        guest.open(path)
        take(guest, f"{name}-{style}")


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lively_call(visit: Visit, language: str) -> None:
    """Six people, one of whom speaks; then a shared screen; then two people, one without camera."""
    people = [
        visit("alice", language=language, prepare=portrait(0)),
        visit("bob", language=language, prepare=portrait(1, language, talks=True) + SPEAK),
        visit("charlie", language=language, prepare=portrait(2)),
        visit("admin", language=language, prepare=portrait(3)),
        visit(language=language, prepare=portrait(4)),
        visit(language=language, prepare=portrait(5)),
    ]
    for visitor in people:
        visitor.expects_breaks = True  # six encoders leave a worker on two cores too little time now and then
    alice, bob = people[0], people[1]
    slug = alice.create_room(NAMES[language])
    for visitor, name in zip(people, ["", "", "", "", "Camille Robert", "Dominique Faure"], strict=True):
        visitor.enter(slug, name)
    people[3].press("microphone")
    alice.sees(6)
    expect(alice.page.locator(".tile.speaking")).not_to_have_count(0)
    expect(alice.page.locator("[data-notices] *")).to_have_count(0)
    take(alice, f"call-{language}", whole=False)
    bob.press("share")
    alice.sees_share()
    take(alice, f"share-{language}", whole=False)
    for visitor in people[2:]:
        visitor.leave()
    bob.page.locator("[data-stop-share]").click()
    bob.press("camera")
    expect(alice.page.locator(".tile:not(.mine).faceless")).to_have_count(1)
    take(alice, f"two-{language}", whole=False)
