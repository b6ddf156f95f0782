"""Two people: who speaks, one person in two tabs, people put out, rooms closed, a connection that breaks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.stack import wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

BOB = "Bob Durand"
SPEAK = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  for (const track of stream.getAudioTracks()) {
    const context = new AudioContext();
    const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    tone.connect(out);
    tone.start();
    stream.removeTrack(track);
    stream.addTrack(out.stream.getAudioTracks()[0]);
  }
  return stream;
};
"""


def test_who_speaks_is_marked(visit: Visit) -> None:
    """A microphone that carries a steady tone gets the ring; one that is quiet does not."""
    alice, bob = visit("alice"), visit("bob", prepare=SPEAK)
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    expect(alice.tile(BOB)).to_have_class(re.compile("speaking"))
    bob.press("microphone")
    expect(alice.tile(BOB)).not_to_have_class(re.compile("speaking"))


def test_another_tab_takes_over(visit: Visit) -> None:
    """The first one says so and can take the meeting back."""
    alice = visit("alice")
    alice.expects_breaks = True
    slug = alice.create_room()
    alice.enter(slug)
    first = alice.page
    alice.page = alice.context.new_page()
    alice.enter(slug)
    first.wait_for_url("**/goodbye/?why=elsewhere")
    expect(first.get_by_role("link", name="Take it back here")).to_be_visible()
    expect(alice.page.locator(".tile")).to_have_count(1)


def test_a_deleted_room_is_over(visit: Visit) -> None:
    """Everybody inside goes to a page that says so and offers no way back."""
    alice, guest = visit("alice"), visit()
    guest.expects_breaks = True
    slug = alice.create_room()
    guest.enter(slug, "Camille")
    alice.open(f"/rooms/{slug}/delete/")
    alice.page.get_by_role("button", name="Delete this room").click()
    guest.page.wait_for_url("**/goodbye/?why=closed")
    expect(guest.page.get_by_role("link", name="Enter again")).to_have_count(0)


def test_who_loses_the_right_must_wait(visit: Visit) -> None:
    """A guest whose room is no longer public is put out; entering again means waiting."""
    alice, guest = visit("alice"), visit()
    guest.expects_breaks = True
    slug = alice.create_room()
    guest.enter(slug, "Camille")
    alice.open(f"/rooms/{slug}/settings/")
    alice.page.locator('[value="restricted"]').check()
    alice.page.get_by_role("button", name="Save", exact=True).click()
    guest.page.wait_for_url("**/goodbye/?why=removed")
    guest.page.get_by_role("link", name="Enter again").click()
    expect(guest.page.locator("p[data-waits]")).to_contain_text("You need to be admitted")


def test_a_crashed_worker_is_left_behind(visit: Visit) -> None:
    """Both are back in the same call on another worker, without touching anything."""
    alice, bob = _pair(visit)
    before = [visitor.participant() for visitor in (alice, bob)]
    worker = _worker_of(alice)
    alice.stack.kill(worker)
    try:
        for visitor, old in zip((alice, bob), before, strict=True):
            wait_until(lambda visitor=visitor, old=old: visitor.participant() != old, "a new connection", seconds=60)  # type: ignore[misc]
            expect(visitor.page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=60_000)
            visitor.sees(2)
    finally:
        alice.stack.start(worker)


def test_media_goes_on_while_web_is_away(visit: Visit) -> None:
    """A banner tells of the lost connection, pictures keep moving, and the banner goes when web is back."""
    alice, bob = _pair(visit)
    banner = alice.page.locator('[data-banner="interrupted"]')
    alice.stack.kill("web")
    try:
        expect(banner).to_be_visible()
        alice.sees(2)
    finally:
        alice.stack.start("web")
    expect(alice.page.locator("[data-notices]")).to_contain_text("You are connected again", timeout=60_000)
    for visitor in (alice, bob):
        expect(visitor.page.locator('[data-banner="interrupted"]')).to_be_hidden(timeout=60_000)
        visitor.sees(2)


def _pair(visit: Visit) -> tuple[Visitor, Visitor]:
    """Give alice and bob in one room; the media client may log the break that is to come."""
    alice, bob = visit("alice"), visit("bob")
    alice.expects_breaks = bob.expects_breaks = True
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    alice.sees(2)
    return alice, bob


def _worker_of(visitor: Visitor) -> str:
    """Give the process that carries the visitor's media: its log names the participant."""
    return next(name for name in ("media-0", "media-1") if visitor.participant() in visitor.stack.log(name))
