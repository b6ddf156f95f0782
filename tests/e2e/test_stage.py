"""The stage: pages, pins, layouts, what tiles say; with made-up people where many are needed, and in a call."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.crowds import gather
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor, picture
from tests.stack import Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser]

BOB, CAMILLE = "Bob Durand", "Camille Robert"
STAGE = "[data-stage]"
SHOWN = "() => window.crowd.shown()"
CHANGE = "([number, fields]) => window.crowd.change(number, fields)"
PIN = "(number) => window.crowd.stage.togglePin(window.crowd.people[number])"
SWIPE = """(across) => {
  const stage = document.querySelector("[data-stage]");
  const touch = { pointerType: "touch", isPrimary: true, pointerId: 5, bubbles: true, clientY: 300 };
  stage.dispatchEvent(new PointerEvent("pointerdown", { ...touch, clientX: 200 }));
  stage.dispatchEvent(new PointerEvent("pointerup", { ...touch, clientX: 200 + across }));
}"""
SETTLED = """async () => {
  for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
}"""
ALIKE = """(tiles) => {
  const letters = new Map();
  for (const tile of tiles) {
    const { fontSize } = getComputedStyle(tile.querySelector(".tile-foot"));
    if ((letters.get(tile.style.width) ?? fontSize) !== fontSize) return false;
    letters.set(tile.style.width, fontSize);
  }
  return true;
}"""
"""Whether tiles of one width have letters of one size, whatever they were before."""
SCREENS = {"desk": (1440, 900), "phone": (390, 844), "turned": (844, 390), "narrow": (320, 640)}
PHONE = {"width": 390, "height": 844}
SMALL_LAYER = 320
"""Width of the smallest layer of a camera with simulcast, in pixels."""


@pytest.fixture
def slug(installation: Stack) -> str:
    """Give a room whose page people may open."""
    found = slugs.generate()
    installation.ticket(found, "somebody")
    return found


def page_of(visitor: Visitor, slug: str, count: int) -> Page:
    """Give the room's page with so many made-up people on its stage."""
    visitor.open(f"/{slug}")
    gather(visitor.page, count)
    return visitor.page


def names(page: Page) -> list[str]:
    """Give the names on the stage, in order."""
    return page.locator(".tile [data-name]").all_inner_texts()


def test_pages_of_people_on_a_telephone(visit: Visit, slug: str) -> None:
    """Buttons, keys and swipes turn them; only who is shown is received; who is pinned or speaks is there."""
    page = page_of(visit(**PHONE, touch=True), slug, 30)
    spoken = page.locator("[data-page-spoken]")
    expect(page.locator("[data-page]")).to_have_text("1 / 4")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    first = names(page)
    assert "(you)" in first[-1]
    assert set(page.evaluate(SHOWN)) <= set(page.locator(".tile").evaluate_all("all => all.map(t => t.dataset.person)"))
    picture(page, "stage-30-phone")
    page.get_by_role("button", name="Next page").click()
    expect(spoken).to_have_text("Page 2 of 4")
    assert not set(names(page)) & set(first)
    found = findings(page, STAGE)
    page.keyboard.press("PageDown")
    expect(spoken).to_have_text("Page 3 of 4")
    page.evaluate(SWIPE, 120)
    expect(spoken).to_have_text("Page 2 of 4")
    page.evaluate(PIN, 28)
    expect(page.locator('[data-person="person-28"] [data-pinned]')).to_be_visible()
    page.evaluate(SWIPE, 120)
    expect(spoken).to_have_text(re.compile("Page 1 of"))
    expect(page.locator('[data-person="person-28"] [data-pinned]')).to_be_visible()
    page.evaluate(CHANGE, [25, {"isSpeaking": True, "microphoneOn": True}])
    expect(page.locator('[data-person="person-25"].speaking')).to_be_visible()
    assert found + findings(page, STAGE) == []


def test_what_tiles_say(visit: Visit, slug: str) -> None:
    """Organisation, guest, hand, weak connection and why a picture stands still are words, not colours alone."""
    page = page_of(visit(), slug, 5)
    tile = page.locator('[data-person="person-0"]')
    page.evaluate(CHANGE, [0, {"quality": "weak", "isCameraPaused": True, "hand": 2}])
    expect(tile.locator("[data-weak-text]")).to_have_text("Weak connection")
    expect(tile.locator("[data-weak-why]")).to_contain_text("their picture and sound may falter for everybody")
    expect(tile.locator("[data-paused]")).to_have_text("Paused: your connection is too slow")
    expect(tile.locator("[data-hand]")).to_contain_text("Hand raised, number 2")
    expect(page.locator('[data-person="person-1"] [data-who]')).to_contain_text("Ville d\u2019Exemple")
    page.evaluate(CHANGE, [4, {"quality": "lost"}])
    expect(page.locator(".tile.mine [data-weak-why]")).to_contain_text("nobody sees or hears you")
    picture(page, "stage-signs")
    assert findings(page, STAGE) == []


@pytest.mark.parametrize(
    ("look", "language"),
    [("light", "en"), *(pytest.param(*style, marks=pytest.mark.long) for style in (("dark", "fr"), ("light", "fr")))],
)
def test_pictures_of_every_size(visit: Visit, slug: str, look: Literal["light", "dark"], language: str) -> None:
    """From one person to thirty, alone and beside two shared screens, on a desk and on a telephone."""
    visitor = visit(look=look, language=language)
    for count in (1, 2, 5, 9, 16, 30):
        page = page_of(visitor, slug, count)
        for kind, (width, height) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(SETTLED)
            picture(page, f"stage-{count}-{kind}-{language}-{look}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("() => [3, 5].forEach((number) => window.crowd.share(number))")
    expect(page.locator("[data-share]")).to_be_visible()
    page.locator(".share-choice button").click()
    page.evaluate(SETTLED)
    picture(page, f"stage-shares-phone-{language}-{look}")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate(PIN, 2)
    expect(page.locator('[data-person="person-2"] [data-pinned]')).to_be_visible()
    page.evaluate(SETTLED)
    picture(page, f"stage-shares-desk-{language}-{look}")
    for layout in ("grid", "speaker", "strip"):
        page.evaluate("(layout) => (window.crowd.stage.layout = layout)", layout)
        page.evaluate(SETTLED)
        assert page.locator(".tile").evaluate_all(ALIKE), layout
        picture(page, f"stage-{layout}-{language}-{look}")


def test_layouts_pins_and_screens_in_a_call(visit: Visit) -> None:
    """The menu of layouts, the menu of a tile, two shared screens; the size of a tile chooses what is received."""
    alice, bob, guest = visit("alice"), visit("bob"), visit()
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    guest.enter(slug, CAMILLE)
    alice.sees(3)
    page = alice.page
    found = _choose(page, "Speaker")
    expect(page.locator(".tile.large")).to_have_count(1)
    expect(page.locator(".tile.afloat.mine")).to_be_visible()
    _pin(page, BOB)
    _choose(page, "Side strip")
    expect(alice.tile(BOB).locator("[data-pinned]")).to_be_visible()
    picture(page, "stage-call-strip")
    _two_screens(alice, bob, guest)
    found += findings(page, STAGE)
    page.reload()
    assert page.locator('[name="layout"]:checked').get_attribute("value") == "strip"
    assert found == []


def _choose(page: Page, name: str) -> list[str]:
    """Choose a layout by the menu; the focus goes into it and comes back."""
    opener = page.locator(".bar").get_by_role("button", name="Layout")
    opener.click()
    expect(page.locator('[name="layout"]:checked')).to_be_focused()
    found = findings(page, "[popover]:popover-open")
    page.get_by_role("radio", name=name).check()
    picture(page, "stage-layout-menu")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    return found


def _pin(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Menu of {name}").click()
    picture(page, "stage-tile-menu")
    page.locator("[data-menu-actions]").get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement?.matches('[data-person]')")
    page.evaluate("document.exitFullscreen()")
    page.get_by_role("button", name=f"Menu of {name}").click()
    page.locator("[data-menu-actions]").get_by_role("button", name="Pin for me").click()


def _two_screens(alice: Visitor, bob: Visitor, guest: Visitor) -> None:
    """One is large, the other one can be chosen."""
    for visitor in (bob, guest):
        visitor.press("share")
    page = alice.page
    expect(page.locator(".share-choice")).to_have_count(1)
    other = CAMILLE if BOB in page.locator("[data-share-name]").inner_text() else BOB
    page.get_by_role("button", name=f"Show the screen of {other} large").click()
    expect(page.locator("[data-share-name]")).to_contain_text(other)
    alice.sees_share()
    expect(alice.tile(BOB).locator("[data-pinned]")).to_be_visible()
    picture(page, "stage-call-shares")


def test_a_small_tile_gets_a_small_picture(visit: Visit) -> None:
    """What arrives follows the size of the tile, and nothing arrives for a page that is not open."""
    alice, bob = visit("alice", width=1280, height=800), visit("bob", width=1280, height=800)
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    alice.sees(2)
    wait_until(lambda: _widest(alice) > SMALL_LAYER, "a large picture", seconds=60)
    bob.press("share")
    alice.sees_share()
    wait_until(lambda: 0 < _camera(alice) <= SMALL_LAYER, "a small picture", seconds=60)


def _widest(visitor: Visitor) -> float:
    return max(visitor.inbound("video", "frameWidth"), default=0)


def _camera(visitor: Visitor) -> float:
    """Give the width of the picture in bob's tile."""
    width: Any = visitor.tile(BOB).locator("video").evaluate("(video) => video.videoWidth")
    return float(width)


def test_the_small_window(visit: Visit) -> None:
    """It shows the other one with microphone, camera and the way out, and is hidden where the browser has none."""
    alice, bob = visit("alice"), visit("bob")
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    alice.sees(2)
    page = alice.page
    more = page.locator('[popovertarget="more-controls"]')
    more.click()
    page.locator("[data-full-screen]").click()
    page.wait_for_function("document.fullscreenElement?.matches('[data-call]')")
    more.click()
    page.get_by_role("button", name="Leave full screen").click()
    page.wait_for_function("document.fullscreenElement === null")
    more.click()
    with alice.context.expect_page() as opened:
        page.locator("[data-small-window]").click()
    small = opened.value
    expect(small.locator("[data-name]")).to_have_text(BOB)
    expect(small.locator("html")).to_have_attribute("data-mirror", "yes")
    small.get_by_role("button", name="Turn microphone off").click()
    expect(page.locator('[data-control="microphone"]')).to_have_accessible_name("Turn microphone on")
    expect(small.get_by_role("button", name="Turn microphone on")).to_be_visible()
    picture(small, "stage-small-window")
    small.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/goodbye/?why=left")
