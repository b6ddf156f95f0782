"""Breakout rooms in the browser: three people spread, moved without a new page, told, helped and brought back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.test_polls import open_panel
from tests.e2e.visitor import ENTERED_MS, Visitor, picture

pytestmark = [pytest.mark.live, pytest.mark.browser]
STAYS = "window.stays = true"


def is_in(who: Visitor, title: str) -> None:
    """Wait until somebody is inside the room of that name, on the page that they had opened."""
    expect(who.page.locator("[data-call-title]")).to_have_text(title, timeout=ENTERED_MS)
    expect(who.page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=ENTERED_MS)
    assert who.page.evaluate("window.stays")


def stay(who: Visitor) -> None:
    """Note that somebody stays on this page; the media client may say on the console that it leaves a room."""
    who.expects_breaks = True
    who.page.evaluate(STAYS)


def make(alice: Visitor, slug: str, *, minutes: int = 0, choosing: bool = False) -> None:
    """Enter as the host and make two groups."""
    alice.enter(slug)
    stay(alice)
    open_panel(alice, "breakouts")
    alice.page.locator("[data-breakouts-minutes]").fill(str(minutes))
    alice.page.locator("[data-breakouts-choosing]").set_checked(choosing)
    alice.page.locator("[data-breakouts-form] button").click()
    expect(alice.page.locator("[data-breakouts-group-list] li")).to_have_count(2)


def test_groups(visit: Visit) -> None:
    """Bob and a guest are put into one group: they see and hear each other there, with their devices as they were."""
    alice, bob, guest = visit("alice"), visit("bob"), visit(width=375, height=740, look="dark", language="fr")
    slug = alice.create_room()
    make(alice, slug, minutes=10)
    for who, name in ((bob, ""), (guest, "Camille")):
        who.enter(slug, name)
        stay(who)
    guest.press("microphone")
    expect(guest.page.locator('[data-control="microphone"]')).to_have_class("control off")
    for name in ("Bob Durand", "Camille"):
        alice.page.get_by_role("combobox", name=f"Group of {name}").select_option("Group 2")
    expect(alice.page.locator("[data-breakouts-group-list] li").nth(1)).to_contain_text("2 people")
    found = findings(alice.page)
    picture(alice.page, "breakouts-host")
    alice.page.locator("[data-breakouts-open]").click()
    _together(bob, guest)
    found += _told(alice, bob, guest)
    alice.page.locator("[data-breakouts-close-now]").click()
    for who in (alice, bob, guest):
        is_in(who, "Council")
        who.sees(3)
    expect(guest.page.locator('[data-control="microphone"]')).to_have_class("control off")
    expect(bob.page.locator('[data-control="microphone"]')).to_have_class("control")
    assert found == []


def _together(bob: Visitor, guest: Visitor) -> None:
    """See two people in the group, hear the one whose microphone was on, and still have the devices as they were."""
    for who in (bob, guest):
        is_in(who, "Group 2")
        who.sees(2)
        expect(who.page.locator("[data-breakouts-left]")).to_have_text(re.compile(r"9:\d\d"))
    guest.receives("audio", "bytesReceived", 1)
    expect(guest.page.locator('[data-control="microphone"]')).to_have_class("control off")
    expect(bob.page.locator('[data-control="microphone"]')).to_have_class("control")


def _told(alice: Visitor, bob: Visitor, guest: Visitor) -> list[str]:
    """Write to all groups; call the host, who comes."""
    alice.page.locator("[data-breakouts-text]").fill("Five more minutes")
    alice.page.locator("[data-breakouts-say] button").click()
    for who in (alice, bob, guest):
        expect(who.page.locator("[data-notices]")).to_contain_text("Five more minutes")
    open_panel(guest, "breakouts")
    picture(guest.page, "breakouts-phone")
    found = findings(guest.page)
    guest.page.locator("[data-breakouts-help]").click()
    help_list = alice.page.locator("[data-breakouts-help-list]")
    expect(help_list).to_contain_text("Camille")
    found += findings(alice.page)
    help_list.locator("[data-join]").click()
    is_in(alice, "Group 2")
    alice.sees(3)
    expect(help_list.locator("li")).to_have_count(0)
    alice.page.locator("[data-breakouts-return]").click()
    is_in(alice, "Council")
    return found


@pytest.mark.long
def test_spread_and_time(visit: Visit) -> None:
    """Two people are spread over two groups; after the notice the server brings them back."""
    alice, bob, guest = visit("alice"), visit("bob"), visit()
    slug = alice.create_room()
    make(alice, slug)
    for who, name in ((bob, ""), (guest, "Camille")):
        who.enter(slug, name)
        stay(who)
    expect(alice.page.locator("[data-breakouts-person-list] li")).to_have_count(3)
    alice.page.locator("[data-breakouts-spread]").click()
    for row in (0, 1):
        expect(alice.page.locator("[data-breakouts-group-list] li").nth(row)).to_contain_text("1 person")
    alice.page.locator("[data-breakouts-open]").click()
    for who in (bob, guest):
        expect(who.page.locator("[data-call-title]")).to_have_text(re.compile("Group [12]"), timeout=ENTERED_MS)
        who.sees(1)
    alice.page.locator("[data-breakouts-close]").click()
    for who in (alice, bob, guest):
        expect(who.page.locator('[data-banner="breakouts"]')).to_be_visible()
    for who in (alice, bob, guest):
        expect(who.page.locator('[data-banner="breakouts"]')).to_be_hidden(timeout=60_000)
        is_in(who, "Council")
        who.sees(3)


def test_choosing(visit: Visit) -> None:
    """Bob chooses a group, finds it again after a reload, and goes back by himself."""
    alice, bob = visit("alice"), visit("bob", width=320, height=640)
    slug = alice.create_room()
    make(alice, slug, choosing=True)
    bob.enter(slug)
    alice.page.locator("[data-breakouts-open]").click()
    expect(bob.page.locator('[data-panel="breakouts"]')).to_be_visible()
    picture(bob.page, "breakouts-choose")
    found = findings(bob.page)
    bob.page.get_by_role("button", name="Go there Group 1").click()
    expect(bob.page.locator("[data-call-title]")).to_have_text("Group 1", timeout=ENTERED_MS)
    bob.sees(1)
    bob.enter(slug)
    stay(bob)
    is_in(bob, "Group 1")
    expect(bob.page.locator('[data-panel="breakouts"]')).to_be_visible()
    bob.page.locator("[data-breakouts-return]").click()
    is_in(bob, "Council")
    alice.sees(2)
    assert found == []
