"""Devices that are absent, unplugged, taken by another program or forbidden; and what is told of a shared screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.e2e.conftest import ARGUMENTS, CHROMIUM, Visit, visitors
from tests.e2e.visitor import Visitor, picture
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

ALICE = "Alice Martin"
PLUGS = """
const { enumerateDevices, getUserMedia } = navigator.mediaDevices;
const opened = [];
const problem = { camera: "" };
const away = new Set();
navigator.mediaDevices.enumerateDevices = async () =>
  (await enumerateDevices.call(navigator.mediaDevices)).filter(({ deviceId }) => !away.has(deviceId));
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (wanted.video && problem.camera) throw new DOMException("made up", problem.camera);
  const given = structuredClone(wanted);
  const here = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
  const id = given.video?.deviceId?.ideal ?? given.video?.deviceId?.exact ?? given.video?.deviceId;
  const chosen = here.find(({ deviceId }) => deviceId === id) ?? here[0]; // the made-up question takes the first
  if (given.video && chosen?.deviceId) given.video = { ...Object(given.video), deviceId: { exact: chosen.deviceId } };
  const stream = await getUserMedia.call(navigator.mediaDevices, given);
  opened.push(...stream.getTracks());
  return stream;
};
const changed = () => navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
const end = (track) => { track.stop(); track.dispatchEvent(new Event("ended")); };
window.plugs = {
  pull(id) {
    away.add(id);
    for (const track of opened) if (track.getSettings().deviceId === id && track.readyState === "live") end(track);
    changed();
  },
  put(id) { away.delete(id); changed(); },
  take() {
    problem.camera = "NotReadableError";
    for (const track of opened) if (track.kind === "video" && track.readyState === "live") end(track);
  },
  refuse(name) { problem.camera = name; },
  give() { problem.camera = ""; },
};
"""
USED = "(video) => video.srcObject?.getVideoTracks()[0].getSettings().deviceId"


@pytest.fixture(scope="module")
def cameras(playwright: Playwright) -> Iterator[Browser]:
    """Give Chromium with three made-up cameras; the second one sees depth only."""
    devices = "--use-fake-device-for-media-stream=device-count=3,fps=5"
    with playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, devices]) as found:
        yield found


def test_a_camera_is_unplugged(installation: Stack, cameras: Browser) -> None:
    """Another one takes over and the others still see; the chosen one is used again when it is back."""
    with visitors(installation, cameras) as visit:
        alice, bob = visit("alice", prepare=PLUGS), visit("bob")
        slug = alice.create_room()
        alice.open(f"/{slug}")
        chosen = _choose_third_camera(alice)
        alice.join()
        bob.enter(slug)
        bob.sees(2)
        mine = alice.page.locator(".tile.mine video")
        assert mine.evaluate(USED) == chosen
        notices = alice.page.locator("[data-notices]")
        alice.page.evaluate("(id) => window.plugs.pull(id)", chosen)
        expect(notices).to_contain_text("is unplugged. Another one is used.")
        bob.sees(2)
        assert mine.evaluate(USED) != chosen
        alice.page.evaluate("(id) => window.plugs.put(id)", chosen)
        expect(notices).to_contain_text("is back and is used again.")
        bob.sees(2)
        assert mine.evaluate(USED) == chosen


def test_a_camera_is_taken(visit: Visit) -> None:
    """By another program, in the call: one is told, and one press tries again. Before entering it may be absent."""
    alice, bob = visit("alice", prepare=PLUGS), visit("bob")
    slug = alice.create_room()
    alice.open(f"/{slug}")
    state = alice.page.locator("[data-camera-state]")
    toggle = alice.page.locator('[data-toggle="camera"]')
    for name, text in (("NotFoundError", "No camera found"), ("NotReadableError", "Another program uses your camera")):
        expect(alice.page.locator("[data-preview] video")).to_be_visible()
        toggle.click()
        alice.page.evaluate("(name) => window.plugs.refuse(name)", name)
        toggle.click()
        expect(state).to_have_text(text)
        alice.page.evaluate("() => window.plugs.give()")
        toggle.click()
    alice.join()
    bob.enter(slug)
    bob.sees(2)
    banner = alice.page.locator("[data-media-banner]")
    alice.page.evaluate("() => window.plugs.take()")
    expect(banner).to_contain_text("Your camera has stopped")
    expect(bob.tile(ALICE).locator(".tile-initials")).to_be_visible()
    picture(alice.page, "media-camera-taken")
    banner.get_by_role("button", name="Try again").click()
    expect(banner).to_contain_text("Another program uses your camera")
    alice.page.evaluate("() => window.plugs.give()")
    banner.get_by_role("button", name="Try again").click()
    expect(banner).to_be_hidden()
    bob.sees(2)


def test_permission_is_taken_back(visit: Visit) -> None:
    """In the middle of a call: one reads where to give it again."""
    alice = visit("alice")
    slug = alice.create_room()
    alice.enter(slug)
    session = alice.context.new_cdp_session(alice.page)
    mine = session.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    denied = {"permission": {"name": "camera"}, "setting": "denied", "origin": alice.stack.url}
    session.send("Browser.setPermission", {**denied, "browserContextId": mine})
    expect(alice.page.locator("[data-media-banner]")).to_contain_text("no longer gives access to your camera")


def test_a_whole_screen_is_shared(visit: Visit) -> None:
    """One is told what the others see then; the warning goes with the share."""
    alice = visit("alice")
    alice.enter(alice.create_room())
    banner = alice.page.locator("[data-media-banner]")
    alice.press("share")
    expect(banner).to_contain_text("your whole screen")
    picture(alice.page, "media-share")
    alice.page.locator("[data-stop-share]").click()
    expect(alice.page.locator('[data-banner="sharing"]')).to_be_hidden()
    expect(banner).to_be_hidden()


def _choose_third_camera(visitor: Visitor) -> str:
    select = visitor.page.locator("#before-camera")
    expect(select.locator("option")).to_have_count(3)
    select.select_option(index=2)
    chosen = select.input_value()
    video = visitor.page.locator("[data-preview] video")
    wait_until(lambda: video.evaluate(USED) == chosen, "the picture of the third camera")
    return chosen
