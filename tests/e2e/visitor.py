"""Somebody with a browser of their own: signs in, makes rooms, enters, looks and listens."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.stack import ROOT, Stack, wait_until

RECORD_PEERS = """
window.peers = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); }
};
"""
INBOUND = """async () => {
  const found = [];
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue;
    for (const report of (await peer.getStats()).values()) if (report.type === 'inbound-rtp') found.push(report);
  }
  return found;
}"""
FRAMES = """(selector) => Object.fromEntries([...document.querySelectorAll(selector)].map((video) =>
  [video.closest('[data-person]')?.dataset.person ?? 'share', video.getVideoPlaybackQuality().totalVideoFrames]))"""
TILE_VIDEOS = ".tile:not(.faceless) video"
ENTERED_MS = 30_000
SHARE_FRAMES = 5
VENDORED = "/static/vendor/"
SCREENSHOTS = ROOT / "build" / "screenshots"
UNREACHABLE = ("Failed to load resource", "WebSocket connection")


def picture(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


class Visitor:
    """One browser context with one page, and everything that went wrong in it."""

    def __init__(
        self,
        browser: Browser,
        stack: Stack,
        *,
        language: str = "en",
        look: Literal["light", "dark"] = "light",
        width: int = 1440,
        height: int = 900,
        prepare: str = "",
        service_workers: Literal["allow", "block"] = "block",
        touch: bool = False,
    ) -> None:
        self.stack = stack
        self.context = browser.new_context(
            locale=language,
            color_scheme=look,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            service_workers=service_workers,
            has_touch=touch,
            is_mobile=touch,
        )
        self.context.add_init_script(RECORD_PEERS + prepare)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.expects_breaks = False
        """The test breaks connections: the media client and the browser may say so on the console."""
        self.neighbours: set[str] = set()
        """Origins of others that the test leads this visitor to."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        self.page.on("request", self._requested)

    def _heard(self, message: ConsoleMessage) -> None:
        is_of_connection = VENDORED in message.location["url"] or message.text.startswith(UNREACHABLE)
        is_of_frame = bool(self.neighbours) and message.text.startswith("Blocked autofocusing")
        if message.type == "error" and not is_of_frame and not (self.expects_breaks and is_of_connection):
            self.troubles.append(f"console: {message.text}")

    def _requested(self, request: Request) -> None:
        own = {self.stack.url, self.stack.provider_url, *self.neighbours}
        if urlsplit(request.url).netloc not in {"", *(urlsplit(origin).netloc for origin in own)}:
            self.troubles.append(f"foreign request: {request.url}")

    # --- pages ------------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Go to a page of this installation."""
        self.page.goto(self.stack.url + path)

    def sign_in(self, account: str) -> None:
        """Sign in with an account of the demo provider."""
        self.open("/oidc/authenticate/?next=/")
        self.page.locator(f'[name="account"][value="{account}"]').click()
        self.page.wait_for_url(self.stack.url + "/")

    def create_room(self, name: str = "Council", access: str = "public") -> str:
        """Make a room by its form; give its link."""
        self.open("/rooms/new/")
        self.page.locator("#id_name").fill(name)
        self.page.locator(f'[name="access_level"][value="{access}"]').check()
        self.page.locator("form.card button").click()
        self.page.wait_for_url("**/settings/")
        return self.page.url.split("/")[-3]

    def enter(self, slug: str, name: str = "") -> None:
        """Enter a room through the page before it; `name` is for guests."""
        self.open(f"/{slug}")
        self.join(name)

    def join(self, name: str = "") -> None:
        """Press the button of the page before the call and wait until inside."""
        if name:
            self.page.locator("#guest-name").fill(name)
        expect(self.page.locator("[data-preview] video")).to_be_visible()
        self.page.locator("[data-join]").click()
        expect(self.page.locator("[data-call]")).to_have_attribute("data-state", "inside", timeout=ENTERED_MS)
        expect(self.page.locator(".tile.mine:not(.faceless)")).to_be_visible()

    # --- the call ---------------------------------------------------------------------------------------

    def tile(self, name: str) -> Any:
        """Give the tile of the person called `name`."""
        return self.page.locator(".tile").filter(has=self.page.get_by_text(name, exact=True))

    def sees(self, count: int) -> None:
        """Wait until there are `count` people and the picture of each moves."""
        expect(self.page.locator(".tile")).to_have_count(count, timeout=ENTERED_MS)
        fewest: dict[str, int] = {}  # a picture that is attached anew counts from the beginning

        def all_move() -> bool:
            now = self.frames()
            fewest.update({key: min(drawn, fewest.get(key, drawn)) for key, drawn in now.items()})
            return len(now) == count and all(drawn > fewest[key] for key, drawn in now.items())

        wait_until(all_move, f"{count} moving pictures")

    def sees_share(self) -> None:
        """Wait until a shared screen moves."""
        wait_until(lambda: self.frames("[data-share] video").get("share", 0) > SHARE_FRAMES, "a moving screen")

    def frames(self, selector: str = TILE_VIDEOS) -> dict[str, int]:
        """Give how many frames were drawn of each person."""
        drawn: dict[str, int] = self.page.evaluate(FRAMES, selector)
        return drawn

    def inbound(self, kind: str, value: str) -> list[float]:
        """Give a figure of every track that arrives, from getStats."""
        return [report.get(value, 0) for report in self.page.evaluate(INBOUND) if report["kind"] == kind]

    def receives(self, kind: str, value: str, count: int) -> None:
        """Wait until a figure of at least `count` arriving tracks grows."""
        before = self.inbound(kind, value)

        def grew() -> bool:
            now = self.inbound(kind, value)
            return sum(late > early for early, late in zip(before + [0.0] * len(now), now, strict=False)) >= count

        wait_until(grew, f"{value} of {count} {kind} tracks grows")

    def participant(self) -> str:
        """Give the name that the media worker has for this connection."""
        return self.page.locator("[data-call]").get_attribute("data-participant") or ""

    def press(self, control: str) -> None:
        """Press a control of the bar: microphone, camera or share."""
        self.page.locator(f'[data-control="{control}"]').click()

    def leave(self) -> None:
        """Leave the call."""
        self.page.locator("[data-leave]").click()
        self.page.wait_for_url("**/goodbye/?why=left")
