"""A meeting in a page of another site: the documented example starts it, mutes, leaves, and hears what happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.e2e.conftest import Visit
from tests.e2e.embedder import Embedder
from tests.e2e.visitor import ENTERED_MS, Visitor, picture
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

ALICE, CAMILLE = "Alice Martin", "Camille Robert"


def start(visitor: Visitor, origin: str, site: Embedder, **fields: str) -> FrameLocator:
    """Open the page at `origin`, fill in its form and start; give the frame."""
    visitor.neighbours |= {site.origin, site.other_origin}
    visitor.page.goto(origin + site.path)
    for name, value in fields.items():
        visitor.page.locator(f'[name="{name}"]').fill(value)
    visitor.page.get_by_role("button", name="Start").click()
    return visitor.page.frame_locator("#meeting iframe")


def told(visitor: Visitor, kind: str) -> list[dict[str, Any]]:
    """Give what the page heard of this kind, in order."""
    lines = visitor.page.locator("#events li").all_inner_texts()
    return [json.loads(detail) for name, _, detail in (line.partition(" ") for line in lines) if name == kind]


def hears(visitor: Visitor, kind: str, **fields: object) -> None:
    """Wait until the newest event of this kind says so."""
    wait_until(
        lambda: fields.items() <= (told(visitor, kind) or [{"": ""}])[-1].items(), f"{kind} {fields}", seconds=40
    )


def test_a_guest_in_a_page_of_another_site(visit: Visit, site: Embedder) -> None:
    """They join, are seen, mute and leave, all by the page around; the page hears each of it."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room()
    alice.enter(slug)
    frame = start(guest, site.origin, site, room=slug, name=CAMILLE)
    hears(guest, "joined", name=CAMILLE)
    alice.sees(2)
    expect(alice.tile(CAMILLE).locator("[data-guest]")).to_be_visible()
    expect(frame.locator(".tile")).to_have_count(2)
    expect(frame.locator(".head")).to_have_count(0)
    wait_until(lambda: {p["name"] for p in told(guest, "participants")[-1]["people"]} == {ALICE, CAMILLE}, "both")
    hears(guest, "muted", microphone=False, camera=False)
    guest.page.get_by_role("button", name="Microphone").click()
    hears(guest, "muted", microphone=True, camera=False)
    expect(alice.tile(CAMILLE).locator("[data-muted]")).to_be_visible()
    picture(guest.page, "embedded")
    frame.locator('[data-panel-open="chat"]').click()
    frame.locator("[data-chat-text]").fill("from another site")
    frame.locator("[data-chat-text]").press("Enter")
    expect(alice.page.locator("[data-chat-count]")).to_have_text("1")
    guest.page.get_by_role("button", name="Leave").click()
    wait_until(lambda: told(guest, "left") == [{}], "left")
    expect(frame.get_by_role("heading", name="The meeting is over for you")).to_be_focused()
    expect(alice.tile(CAMILLE)).to_have_count(0)
    picture(guest.page, "embedded-left")


def test_with_a_ticket(visit: Visit, site: Embedder, installation: Stack) -> None:
    """Who has a ticket needs no room's page; a host who closes the room ends it for the frame, too."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room("Appointment")
    alice.enter(slug)
    _address, ticket = installation.ticket(slug, "visitor-17")
    frame = start(guest, site.origin, site, ticket=ticket)
    hears(guest, "joined", identity="visitor-17")
    expect(frame.locator("[data-call-title]")).to_be_visible(timeout=ENTERED_MS)
    alice.sees(2)
    expect(frame.locator('[data-panel-open="chat"]')).to_be_hidden()


def test_an_origin_that_is_not_allowed(visit: Visit, site: Embedder) -> None:
    """The browser shows nothing of the meeting, and the page hears nothing."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room()
    with guest.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        start(guest, site.other_origin, site, room=slug, name=CAMILLE)
    guest.page.wait_for_load_state("networkidle")
    assert told(guest, "ready") == []
    assert not any("/embed/" in frame.url for frame in guest.page.frames)
    refused = [any(word in trouble for word in ("frame-ancestors", "postMessage")) for trouble in guest.troubles]
    assert all(refused)
    assert refused != []
    guest.troubles.clear()
