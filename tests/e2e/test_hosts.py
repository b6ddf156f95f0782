"""What hosts do to people in the call, seen from both sides; pictures of it for every kind of screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor, picture

pytestmark = [pytest.mark.live, pytest.mark.browser]
BOB = "Bob Durand"


def choose(page: Page, name: str, action: str) -> None:
    """Choose something in the menu of a person in the list."""
    page.get_by_role("button", name=f"More about {name}").click()
    page.locator("[data-menu-actions]").get_by_role("button", name=action, exact=True).click()


def test_a_host_runs_the_meeting(visit: Visit) -> None:
    """Mute and ask, stop a camera and a share, a co-host at once, sources closed, the identity card."""
    alice, bob = visit("alice", width=1280, height=800), visit("bob")
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    bob.press("share")
    alice.sees_share()
    alice.page.locator('[data-panel-open="people"]').click()
    found = _card(alice.page)
    _stopped_and_asked(alice.page, bob)
    _co_host(alice.page, bob.page)
    found += findings(bob.page)
    found += _closed(alice, bob)
    assert found == []


def _card(page: Page) -> list[str]:
    """Look at the list, the menu of a person and their card."""
    found = findings(page)
    picture(page, "hosts-people")
    page.get_by_role("button", name=f"More about {BOB}").click()
    picture(page, "hosts-menu")
    found += findings(page, "[popover]:popover-open")
    page.get_by_role("button", name="Identity card").click()
    expect(page.locator("#identity")).to_contain_text("Ville d\u2019Exemple")
    picture(page, "hosts-card")
    found += findings(page)
    page.locator("#identity [data-close]").click()
    return found


def _stopped_and_asked(page: Page, bob: Visitor) -> None:
    """Stop what bob sends; ask for his microphone, which he turns on himself."""
    choose(page, BOB, "Stop the screen sharing")
    expect(page.locator("[data-share]")).to_be_hidden()
    expect(bob.page.locator('[data-banner="sharing"]')).to_be_hidden()
    choose(page, BOB, "Stop the camera")
    expect(bob.page.locator('[data-control="camera"]')).to_have_class("control off")
    choose(page, BOB, "Mute")
    expect(bob.page.locator('[data-control="microphone"]')).to_have_class("control off")
    choose(page, BOB, "Ask to unmute")
    expect(bob.page.locator("#asked")).to_contain_text("Alice Martin asks you to turn your microphone on")
    picture(bob.page, "hosts-asked")
    bob.page.locator("[data-asked-yes]").click()
    expect(bob.page.locator('[data-control="microphone"]')).to_have_class("control")


def _co_host(page: Page, other: Page) -> None:
    """Let bob run the meeting with alice, and no more."""
    expect(other.locator("[data-mute-all]")).to_be_hidden()
    choose(page, BOB, "Make co-host for this meeting")
    other.locator('[data-panel-open="people"]').click()
    expect(other.locator("[data-mute-all]")).to_be_visible()
    expect(page.locator("[data-people]")).to_contain_text("co-host")
    choose(page, BOB, "Take the host role for this meeting")
    expect(other.locator("[data-mute-all]")).to_be_hidden()


def _closed(alice: Visitor, bob: Visitor) -> list[str]:
    """Close the microphones of everybody, then end the meeting after being asked once more."""
    page = alice.page
    page.get_by_role("button", name="Run the meeting").click()
    switch = page.get_by_role("switch", name="Microphone")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(bob.page.locator('[data-control="microphone"]')).to_have_attribute("aria-disabled", "true")
    picture(page, "hosts-meeting")
    found = findings(page)
    bob.page.locator('[data-control="microphone"]').dispatch_event("click")
    expect(bob.page.locator("[data-notices]")).to_contain_text("You cannot use your microphone here.")
    page.locator("[data-close-room]").click()
    expect(page.locator("#confirm")).to_contain_text("Everybody is put out at once")
    picture(page, "hosts-confirm")
    found += findings(page)
    for visitor in (alice, bob):
        visitor.expects_breaks = True  # whichever side of a data channel is faster
    page.locator("[data-confirm-yes]").click()
    for visitor in (alice, bob):
        visitor.page.wait_for_url("**/goodbye/?why=closed")
    return found


def test_bans_on_a_telephone_in_french(visit: Visit) -> None:
    """The panel, the menu and the list of bans fit 375 pixels; a ban is lifted."""
    alice, guest = visit("alice", width=375, height=720, language="fr", look="dark"), visit()
    guest.expects_breaks = True
    slug = alice.create_room()
    alice.enter(slug)
    guest.enter(slug, "Camille")
    page = alice.page
    page.locator('[data-panel-open="people"]').click()
    page.get_by_role("button", name="Plus d\u2019actions pour Camille").click()
    picture(page, "hosts-menu-phone")
    page.get_by_role("button", name="Exclure pour cette réunion").click()
    guest.page.wait_for_url("**/goodbye/?why=removed")
    picture(page, "hosts-people-phone")
    found = findings(page)
    page.get_by_role("button", name="Animer la réunion").click()
    expect(page.locator("[data-bans]")).to_contain_text("pour cette réunion, par Alice Martin")
    page.locator("[data-bans]").scroll_into_view_if_needed()
    picture(page, "hosts-bans-phone")
    found += findings(page)
    page.get_by_role("button", name="Lever l\u2019exclusion").click()
    expect(page.locator("[data-bans] li")).to_have_count(0)
    guest.enter(slug, "Camille")
    assert found == []
