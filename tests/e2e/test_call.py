"""Three people meet: they see and hear each other, share, mute, and leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import visitors
from tests.e2e.visitor import Visitor
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.browser]

ALICE, BOB, CAMILLE = "Alice Martin", "Bob Durand", "Camille Robert"


@pytest.fixture(scope="module")
def trio(installation: Stack, browser: Browser) -> Iterator[tuple[Visitor, ...]]:
    """Give alice, bob and a guest in one public room; every test leaves them as it found them."""
    with visitors(installation, browser) as visit:
        alice, bob, guest = visit("alice"), visit("bob"), visit()
        slug = alice.create_room()
        alice.enter(slug)
        bob.enter(slug)
        guest.enter(slug, CAMILLE)
        yield alice, bob, guest


def test_everybody_sees_and_hears_the_others(trio: tuple[Visitor, ...]) -> None:
    """Decoded frames and audio energy of both others grow for each of the three."""
    for visitor in trio:
        visitor.sees(3)
        visitor.receives("video", "framesDecoded", 2)
        visitor.receives("audio", "totalSamplesReceived", 2)
        visitor.receives("audio", "totalAudioEnergy", 2)


def test_names_are_those_that_django_vouches_for(trio: tuple[Visitor, ...]) -> None:
    """Agents by their account, guests marked as such, oneself as 'you'."""
    alice, _bob, guest = trio
    expect(guest.tile(ALICE)).to_be_visible()
    expect(guest.tile(f"{CAMILLE} (you)")).to_be_visible()
    expect(alice.tile(CAMILLE).locator("[data-guest]")).to_be_visible()
    expect(alice.tile(BOB).locator("[data-guest]")).to_be_hidden()
    expect(alice.page.locator("[data-count]")).to_have_text("3")


def test_a_shared_screen_arrives_large(trio: tuple[Visitor, ...]) -> None:
    """The others get it as the largest picture; the one who shares sees that it is on."""
    alice, bob, guest = trio
    alice.press("share")
    expect(alice.page.locator('[data-banner="sharing"]')).to_be_visible()
    for visitor in (bob, guest):
        share = visitor.page.locator("[data-share]")
        expect(share).to_contain_text(ALICE)
        visitor.sees_share()
        assert area(share) > 4 * area(visitor.tile(ALICE))
    alice.page.locator("[data-stop-share]").click()
    expect(bob.page.locator("[data-share]")).to_be_hidden()


def test_devices_go_off_and_on(trio: tuple[Visitor, ...]) -> None:
    """The others see it at once, and hear and see again afterwards."""
    alice, bob, _guest = trio
    tile = bob.tile(ALICE)
    alice.press("microphone")
    expect(tile.locator("[data-muted]")).to_be_visible()
    alice.press("camera")
    expect(tile.locator(".tile-initials")).to_be_visible()
    expect(tile.locator("[data-initials]")).to_have_text("AM")
    alice.press("microphone")
    alice.press("camera")
    expect(tile.locator("[data-muted]")).to_be_hidden()
    bob.sees(3)
    bob.receives("audio", "totalAudioEnergy", 2)


def test_leaving_is_seen_at_once(trio: tuple[Visitor, ...]) -> None:
    """The others lose the tile and are told; the one who left may come back."""
    alice, bob, guest = trio
    bob.leave()
    for visitor in (alice, guest):
        expect(visitor.tile(BOB)).to_have_count(0, timeout=3000)
        expect(visitor.page.locator("[data-notices]")).to_contain_text(f"{BOB} left")
    bob.page.get_by_role("link", name="Enter again").click()
    bob.join()
    alice.sees(3)


def area(locator: Any) -> float:
    """Give the size on the screen."""
    box = locator.bounding_box()
    assert box
    return float(box["width"] * box["height"])
