"""The way in and the way out in the browser: devices tried, one click for who was here, how it was, and no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import ENTERED_MS, picture

pytestmark = [pytest.mark.live, pytest.mark.browser]

SILENT = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = wanted.video ? await open({ video: wanted.video }) : new MediaStream();
  if (wanted.audio) stream.addTrack(new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]);
  return stream;
};
window.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) {
  window.tones.push(this.frequency.value);
  start.apply(this, given);
};
"""
ADVICE = """async (agents) => {
  const { browserOf, systemOf } = await import("/static/js/call/browser.js");
  const { stepsFor } = await import("/static/js/ui/permission_help.js");
  return agents.map(([userAgent, maxTouchPoints]) => {
    const agent = { userAgent, maxTouchPoints };
    return [browserOf(agent), systemOf(agent), stepsFor(browserOf(agent)).length];
  });
}"""
WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROME, SAFARI = "AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15"
AGENTS = {
    (f"{WINDOWS} {CHROME}", 0): ["chrome", "windows", 3],
    (f"{WINDOWS} {CHROME} Edg/156.0", 0): ["edge", "windows", 3],
    (f"{WINDOWS} Gecko/20100101 Firefox/153.0", 0): ["firefox", "windows", 3],
    (f"{MAC} {SAFARI}", 0): ["safari", "mac", 3],
    (f"{MAC} {SAFARI}", 5): ["ios", "other", 3],
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) {SAFARI}", 5): ["ios", "other", 3],
    (f"Mozilla/5.0 (Linux; Android 16) {CHROME}", 5): ["android", "other", 3],
    ("Mozilla/5.0 (X11; Linux x86_64) Something/1.0", 0): ["other", "other", 3],
}
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  return found;
}"""
INSIDE = """async (told) => {
  const { sentenceOf } = await import("/static/js/ui/inside.js");
  return told.map(sentenceOf);
}"""


HEARD = """async (heard) => {
  const { Silence } = await import("/static/js/call/silence.js");
  const silence = new Silence();
  return heard.map(([level, now_ms]) => silence.hear(level, now_ms));
}"""


def test_devices_are_tried_before_entering(visit: Visit) -> None:
    """A silent microphone is told, a loudspeaker tried, and who was here enters with one key."""
    alice, guest = visit("alice"), visit(prepare=SILENT)
    slug = alice.create_room()
    alice.enter(slug)
    guest.open(f"/{slug}")
    page = guest.page
    expect(page.locator("[data-inside-text]")).to_have_text("1 person is here.")
    page.locator("[data-speaker-test]").click()
    expect(page.locator("[data-speaker-heard]")).to_contain_text("Nothing heard?")
    assert len(page.evaluate("window.tones")) == 2
    expect(page.locator("[data-silent]")).to_contain_text("Your microphone seems silent")
    picture(page, "before-silent")
    found = findings(page)
    page.locator('[data-toggle="microphone"]').click()
    expect(page.locator("[data-silent]")).to_be_empty()
    guest.join("Camille")
    guest.leave()
    guest.open(f"/{slug}")
    expect(page.locator("[data-devices]")).not_to_have_attribute("open", "")
    expect(page.locator("[data-preview] video")).to_be_visible()
    expect(page.locator("[data-join]")).to_be_focused()
    found += findings(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=ENTERED_MS)
    assert found == []


def test_what_is_said_of_browsers_people_and_silence(visit: Visit) -> None:
    """Help with permissions, who is there by what the server tells, and when a microphone seems silent."""
    guest = visit()
    guest.open("/")
    page = guest.page
    assert page.evaluate(ADVICE, [list(agent) for agent in AGENTS]) == list(AGENTS.values())
    told = {
        "": {},
        "Nobody else is here yet.": {"count": 0, "names": []},
        "3 people are here.": {"count": 3},
        "Ann and Bob are here.": {"count": 2, "names": ["Ann", "Bob"]},
        "Ann, Bob and 5 more are here.": {"count": 7, "names": ["Ann", "Bob"]},
        "You are in this meeting already, elsewhere: entering here ends it there. Ann is here.": {
            "count": 1,
            "names": ["Ann"],
            "elsewhere": True,
        },
    }
    assert page.evaluate(INSIDE, list(told.values())) == list(told)
    heard = [(0, 50_000), (0, 55_999), (0, 56_000), (0.2, 57_000), (0, 62_999), (0.01, 63_000)]
    assert page.evaluate(HEARD, heard) == [False, False, True, False, False, True]


def test_the_goodbye_asks_how_it_was(visit: Visit) -> None:
    """A guest gives stars with the keyboard; a host finds the meeting's files."""
    alice, guest = visit("alice"), visit()
    slug = alice.create_room()
    alice.enter(slug)
    guest.enter(slug, "Camille")
    guest.leave()
    page = guest.page
    expect(page.get_by_role("button", name="Send")).to_be_hidden()
    page.get_by_role("radio", name="1 star: very bad").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="2 stars: bad")).to_be_checked()
    page.get_by_role("checkbox", name="Sound").check()
    page.get_by_label("In your words, if you like").fill("It crackled")
    picture(page, "goodbye-rating")
    found = findings(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. What you said helps to make meetings better.")).to_be_visible()
    expect(page.locator("[data-rating]")).to_have_count(0)
    alice.leave()
    expect(alice.page.get_by_role("link", name="Attendance").first).to_be_visible()
    picture(alice.page, "goodbye-host")
    assert found + findings(alice.page) == []


def test_without_a_network_there_is_a_page(visit: Visit) -> None:
    """It is ours, says so in the person's language, and goes on by itself; no page of anybody is kept."""
    alice = visit("alice", language="fr", service_workers="allow")
    alice.expects_breaks = True  # the network is taken away
    slug = alice.create_room()
    page = alice.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    alice.open(f"/{slug}")
    expect(page.locator("[data-preview] video")).to_be_visible()
    alice.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="pas de réseau")).to_be_visible()
    picture(page, "offline")
    assert kept(page) == {"/offline/"}
    alice.context.set_offline(False)
    expect(page.locator("[data-join]")).to_have_text("Entrer dans la réunion")


def kept(page: Page) -> set[str]:
    """Give the paths of what the service worker keeps, besides static files."""
    found: list[str] = page.evaluate(KEPT)
    return {path for path in found if not path.startswith("/static/")}
