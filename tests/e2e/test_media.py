"""Picture, sound and data as a person chooses them: background, filter, size, saving; before and in the call."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Playwright, expect

from tests.e2e.conftest import FPS, Visit, chromium, visitors
from tests.e2e.portraits import portrait
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor, picture
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

ALICE, BOB = "Alice Martin", "Bob Durand"
PREPARED_MS = 60_000
SOFTWARE_GRAPHICS = "--enable-unsafe-swiftshader"
NO_STREAMS = "delete window.MediaStreamTrackProcessor; delete window.MediaStreamTrackGenerator;"
NO_GRAPHICS = """OffscreenCanvas.prototype.getContext = ((get) => function (kind, ...more) {
  return kind === "webgl2" ? null : get.call(this, kind, ...more);
})(OffscreenCanvas.prototype.getContext);"""
COLOUR = """(video) => {
  const canvas = new OffscreenCanvas(8, 8);
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 8, 8);
  const { data } = pen.getImageData(0, 0, 8, 8);
  const mean = (channel) => data.filter((_, index) => index % 4 === channel).reduce((sum, value) => sum + value) / 64;
  return [0, 1, 2].map(mean);
}"""
SENT = """() => window.peers.flatMap((peer) => peer.getSenders()).map(({ track }) => track?.label)"""
FILTERED = "MediaStreamAudioDestinationNode"
HEIGHT = "(video) => video.videoHeight"
LOGIC = """async () => {
  const { valid } = await import("/static/js/call/media_choices.js");
  const { changesOf } = await import("/static/js/call/device_watch.js");
  const { Traffic } = await import("/static/js/call/traffic.js");
  const { sizeText } = await import("/static/js/ui/traffic_meter.js");
  const { withMetadata } = await import("/static/js/call/model_metadata.js");
  const { watchSleep } = await import("/static/js/call/wake.js");
  const device = (deviceId, label = deviceId) => ({ deviceId, label });
  const list = (...microphone) => ({ microphone, camera: [], speaker: [] });
  const ids = (microphone) => ({ microphone, camera: "", speaker: "" });
  const told = (...given) => changesOf(...given).map(({ what, id }) => `${what} ${id}`);
  const traffic = new Traffic({ localParticipant: { trackPublications: new Map() }, remoteParticipants: new Map() });
  for (const bytesSent of [100, 250, 40]) traffic.count({ type: "outbound-rtp", ssrc: 1, bytesSent });
  traffic.count({ type: "inbound-rtp", ssrc: 1, bytesReceived: 70 });
  let [now, woke] = [0, 0];
  watchSleep(() => (woke += 1), () => now);
  for (const pause of [2_000, 3_000, 3_600_000, 2_000]) {
    now += pause;
    document.dispatchEvent(new Event("resume"));
  }
  let refusal = "";
  try { withMetadata(new Uint8Array(4)); } catch (error) { refusal = error.name; }
  return {
    odd: valid({ background: "own:../x", noise: 7, height: 4000, fps: 24, receive: "saving", mirror: "no", more: 1 }),
    nothing: valid("nonsense").background,
    gone: told(list(device("a"), device("b")), list(device("b")), ids("a"), ids("a")),
    other: told(list(device("default", "USB")), list(device("default", "Built-in")), ids("default"), ids("")),
    none: told(list(device("a")), list(), ids("a"), ids("a")),
    back: told(list(device("b")), list(device("a"), device("b")), ids("b"), ids("a")),
    stranger: told(list(device("b")), list(device("a"), device("b")), ids("b"), ids("b")),
    total: traffic.total, sizes: [950, 12_345_678, 2_000_000_000].map((bytes) => sizeText(bytes, "en")), woke, refusal,
  };
}"""

WORKER = """async () => {
  const started = [];
  window.Worker = class extends EventTarget {
    constructor() { super(); started.push(this); }
    postMessage({ type }) { if (type === "open") queueMicrotask(() => this.say("ready")); }
    say(type) { this.dispatchEvent(new MessageEvent("message", { data: { type, reason: type } })); }
    terminate() {}
  };
  const { dressedCapture } = await import("/static/js/call/effects.js");
  const { media } = await import("/static/js/call/media_choices.js");
  const states = [];
  media.addEventListener("progress", ({ detail }) => states.push(detail.state));
  const capture = async (background) => {
    const opening = dressedCapture();
    media.change({ background });
    return "processor" in (await opening);
  };
  media.change({ background: "light" });
  const worn = [await capture("none"), await capture("strong"), await capture("strong")];
  started[0].say("failed");
  worn.push(await capture("strong"));
  return { worn, started: started.length, broken: states.indexOf("broken") === states.length - 3 };
}"""


def test_a_background_is_overtaken_or_lost(visit: Visit) -> None:
    """The last choice counts while a background is prepared; what breaks later is told and started anew."""
    guest = visit()
    guest.open("/")
    assert guest.page.evaluate(WORKER) == {"worn": [False, True, True, True], "started": 2, "broken": True}


def test_what_needs_no_device(visit: Visit) -> None:
    """What was kept is checked, plugs are understood, bytes are added up, a sleep is noticed."""
    guest = visit()
    guest.open("/")
    found: dict[str, Any] = guest.page.evaluate(LOGIC)
    usual = {"background": "none", "noise": "browser", "echo": True, "stereo": False, "mirror": True, "height": 720}
    assert found.pop("odd") == {**usual, "fps": 24, "receive": "saving"}
    assert found == {
        "nothing": "none",
        "gone": ["gone a"],
        "other": ["gone default"],
        "none": ["none a"],
        "back": ["back a"],
        "stranger": [],
        "total": {"sent": 290, "received": 70},
        "sizes": ["1 kB", "12.3 MB", "2.0 GB"],
        "woke": 1,
        "refusal": "RangeError",
    }


@pytest.fixture(scope="module")
def drawing(playwright: Playwright) -> Iterator[Browser]:
    """Give Chromium that draws (WebGL) without a graphics card."""
    with chromium(playwright, FPS, SOFTWARE_GRAPHICS) as found:
        yield found


def test_a_background(installation: Stack, drawing: Browser) -> None:
    """It is chosen before entering, is what the others see, also after the camera was off, and changes in the call."""
    with visitors(installation, drawing) as visit:
        alice, bob = visit("alice", prepare=portrait(0)), visit("bob")
        slug = alice.create_room()
        alice.open(f"/{slug}")
        alice.page.locator("summary", has_text="Background and sound").click()
        _choose(alice.page, "Garden")
        wait_until(lambda: _is_green(alice.page.locator("[data-preview] video")), "a garden in the preview")
        picture(alice.page, "media-before")
        assert findings(alice.page) == []
        alice.join()
        bob.enter(slug)
        seen = bob.tile(ALICE).locator("video")
        wait_until(lambda: _is_green(seen), "Bob sees the garden")
        alice.press("camera")
        expect(bob.tile(ALICE).locator(".tile-initials")).to_be_visible()
        alice.press("camera")
        expect(bob.tile(ALICE).locator(".tile-initials")).to_be_hidden()
        wait_until(lambda: _is_green(seen), "still the garden")

        _open_settings(alice)
        _choose(alice.page, "No effect")
        wait_until(lambda: not _is_green(seen), "Bob sees Alice's office")
        image = FilePayload(name="flag.png", mimeType="image/png", buffer=_png(200, 0, 200))
        _settings(alice.page).locator("[data-add-image]").set_input_files([image])
        wait_until(lambda: _is_magenta(seen), "Bob sees Alice's own image")
        picture(alice.page, "media-settings")
        assert findings(alice.page) == []
        _settings(alice.page).get_by_role("button", name="Delete the image flag.png").click()
        expect(_settings(alice.page).locator("[data-media-told]")).to_have_text("flag.png was deleted")
        wait_until(lambda: not _is_magenta(seen), "the image is gone")
        text = FilePayload(name="text.png", mimeType="image/png", buffer=b"no image")
        _settings(alice.page).locator("[data-add-image]").set_input_files([text])
        expect(_settings(alice.page).locator("[data-media-told]")).to_contain_text("not an image")


@pytest.mark.parametrize("prepare", [NO_STREAMS, NO_GRAPHICS], ids=["without streams", "without graphics"])
def test_other_browsers(installation: Stack, drawing: Browser, prepare: str) -> None:
    """Those whose tracks give no streams copy pictures; those that cannot draw say so and offer nothing."""
    with visitors(installation, drawing) as visit:
        alice = visit("alice", prepare=prepare)
        alice.open(f"/{alice.create_room()}")
        alice.page.locator("summary", has_text="Background and sound").click()
        if prepare == NO_GRAPHICS:
            expect(_settings(alice.page).locator('[data-unable="background"]')).to_be_visible()
            expect(_settings(alice.page).get_by_label("Garden")).to_be_disabled()
            return
        video = alice.page.locator("[data-preview] video")
        _choose(alice.page, "Library")
        wait_until(lambda: _is_brown(video), "a library")


def test_sound_and_size(visit: Visit) -> None:
    """The strong filter, music and another size are sent at once; the next visit has them again."""
    alice, bob = visit("alice"), visit("bob")
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    _open_settings(alice)
    settings = _settings(alice.page)
    settings.get_by_label("Noise around you").select_option("strong")
    wait_until(lambda: FILTERED in alice.page.evaluate(SENT), "filtered sound is sent")
    bob.receives("audio", "totalSamplesReceived", 1)
    settings.get_by_label("Music").check()
    expect(settings.get_by_label("Noise around you")).to_be_disabled()
    wait_until(
        lambda: "audio MediaStreamAudioDestinationNode" not in alice.page.evaluate(SENT), "music is not filtered"
    )
    settings.get_by_label("Picture that you send").select_option("180")
    wait_until(
        lambda: alice.page.locator(".tile.mine video").evaluate("(video) => video.videoHeight") == 180, "180 lines"
    )
    settings.get_by_label("See yourself as in a mirror").uncheck()
    expect(alice.page.locator(".tile.mine video")).to_have_css("transform", "none")
    bob.sees(2)
    alice.open(f"/{slug}")
    alice.page.locator("summary", has_text="Background and sound").click()
    expect(_settings(alice.page).get_by_label("Picture that you send")).to_have_value("180")
    expect(_settings(alice.page).get_by_label("Music")).to_be_checked()


def test_saving_data(visit: Visit) -> None:
    """Small pictures, no pictures, and all of them again; the bytes are counted."""
    alice, bob = visit("alice"), visit("bob")
    slug = alice.create_room()
    alice.enter(slug)
    bob.enter(slug)
    bob.sees(2)
    _open_settings(bob)
    receive = _settings(bob.page).get_by_label("What you receive")
    seen = bob.tile(ALICE).locator("video")
    receive.select_option("saving")
    wait_until(lambda: 0 < seen.evaluate(HEIGHT) <= 180, "a small picture")
    receive.select_option("sound")
    expect(bob.tile(ALICE).locator(".tile-initials")).to_be_visible()
    bob.receives("audio", "totalSamplesReceived", 1)
    expect(_settings(bob.page).locator("[data-bytes-received]")).to_have_text(re.compile(r"\d"))
    expect(_settings(bob.page).locator("[data-bytes-sent]")).to_have_text(re.compile(r"\d"))
    receive.select_option("all")
    bob.sees(2)


def _open_settings(visitor: Visitor) -> None:
    visitor.page.locator('[popovertarget="more-controls"]').click()
    visitor.page.locator("#more-controls [data-settings-open]").click()
    visitor.page.locator("#settings-tab-media").click()


def _settings(page: Page) -> Any:
    """Give the place with the choices that is on the screen."""
    return page.locator("[data-media-settings]").filter(visible=True)


def _choose(page: Page, background: str) -> None:
    settings = _settings(page)
    settings.get_by_label(background, exact=True).check(force=True)
    expect(settings.locator("[data-media-told]")).to_have_text("", timeout=PREPARED_MS)


def _colour(video: Any) -> tuple[float, float, float]:
    red, green, blue = video.evaluate(COLOUR)
    return red, green, blue


def _is_green(video: Any) -> bool:
    red, green, blue = _colour(video)
    return green > 1.06 * red and green > 1.06 * blue


def _is_brown(video: Any) -> bool:
    red, green, blue = _colour(video)
    return red > 1.15 * green > 1.15 * blue


def _is_magenta(video: Any) -> bool:
    red, green, blue = _colour(video)
    return red > 1.4 * green and blue > 1.4 * green


def _png(red: int, green: int, blue: int, side: int = 64) -> bytes:
    """Give an image of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
