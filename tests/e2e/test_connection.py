"""The connection test: every check of the media client, in words, with a report to take away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import FPS, PATIENCE_MS, Visit, chromium, visitors
from tests.e2e.test_accessibility import findings, walk
from tests.e2e.test_screenshots import take
from tests.e2e.visitor import Visitor
from tests.media_live.coturn import Coturn
from tests.network import DEVICE, HERE, in_network
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.browser]

CHECKS = ("signalling", "media", "relay", "return", "microphone", "camera", "quality")
ANY_CERTIFICATE = "--ignore-certificate-errors"
TEST_MS = 150_000
REFUSE = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };
"""


def cut(visitor: Visitor) -> None:
    """Let no socket reach the service."""
    visitor.page.route_web_socket(re.compile("/rtc"), lambda socket: socket.close())


def run(visitor: Visitor) -> dict[str, str]:
    """Press the button and wait for the end; give the outcomes."""
    visitor.expects_breaks = True  # one of the checks breaks its own connection
    visitor.page.locator("[data-start]").click()
    expect(visitor.page.locator("[data-summary]")).to_be_visible(timeout=TEST_MS)
    return outcomes(visitor.page)


def outcomes(page: Page) -> dict[str, str]:
    """Give what the page says of each check."""
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-check]')].map(({dataset}) =>"
        " [dataset.check, dataset.outcome]))"
    )
    return found


def sentence(visitor: Visitor, check: str) -> str:
    """Give what the page says of a check."""
    return visitor.page.locator(f'[data-check="{check}"] [data-sentence]').inner_text()


@in_network(*DEVICE)
def test_every_check_passes_with_a_relay(tmp_path: Path) -> None:
    """Also the relay's, through a real coturn over TLS on port 443."""
    # Chromium does not bind its TCP sockets, and takes only those that leave from an address of the device itself.
    with (
        Coturn(tmp_path, HERE, [HERE], ("tls",)) as coturn,
        Stack(settings={"MEDIA_HOST": HERE, **coturn.settings}) as stack,
        sync_playwright() as playwright,
        chromium(playwright, FPS, ANY_CERTIFICATE) as browser,
    ):
        expect.set_options(timeout=PATIENCE_MS)
        with visitors(stack, browser) as visit:
            guest = visit()
            guest.open("/connection-test/")
            results = run(guest)
            lines = guest.page.locator("[data-lines]").all_text_contents()
        assert results == dict.fromkeys(CHECKS, "passed"), lines
        assert f"udp {HERE}:" in lines[CHECKS.index("media")]
        assert f"tcp {HERE}:" in lines[CHECKS.index("media")]


@pytest.mark.long
def test_without_a_relay_all_others_pass(visit: Visit) -> None:
    """A guest sees so and takes the report home; it holds every check and no secret."""
    guest = visit()
    guest.open("/")
    guest.page.get_by_role("link", name="Test your connection").click()
    results = run(guest)
    assert results == {**dict.fromkeys(CHECKS, "passed"), "relay": "skipped"}
    expect(guest.page.locator("[data-summary]")).to_contain_text("You are ready")
    with guest.page.expect_download() as download:
        guest.page.locator("[data-download]").click()
    report = download.value.path().read_text(encoding="utf-8")
    assert report.count("[passed]") == 6
    assert "[skipped] Going through a relay" in report
    assert "published" in report
    assert "eyJ" not in report
    assert "access_token" not in report


@pytest.mark.long
def test_a_refused_device_is_explained_and_the_rest_is_tested(visit: Visit) -> None:
    """In French, for somebody signed in."""
    alice = visit("alice", language="fr", prepare=REFUSE)
    alice.open("/connection-test/")
    results = run(alice)
    assert {name for name, outcome in results.items() if outcome == "failed"} == {"microphone", "camera"}
    assert "votre navigateur" in sentence(alice, "microphone").lower()
    expect(alice.page.locator("[data-summary]")).to_contain_text("avec des limites")


def test_without_a_way_to_the_service_it_ends_at_once(visit: Visit) -> None:
    """Nothing else is tried, and one may test again."""
    guest = visit()
    cut(guest)
    guest.open("/connection-test/")
    results = run(guest)
    assert results == {**dict.fromkeys(CHECKS, "skipped"), "signalling": "failed"}
    expect(guest.page.locator("[data-start]")).to_have_text("Test again")
    assert "earlier" in sentence(guest, "quality")


def test_the_keyboard_is_enough(visit: Visit) -> None:
    """Tab comes to the button, Enter starts, the button keeps the focus."""
    guest = visit()
    cut(guest)
    guest.expects_breaks = True
    guest.open("/connection-test/")
    assert walk(guest.page, 6)[-1] == "Start the test"
    guest.page.keyboard.press("Enter")
    expect(guest.page.locator("[data-summary]")).to_be_visible(timeout=TEST_MS)
    expect(guest.page.locator("[data-announce]")).to_contain_text("Meetings do not work here")
    expect(guest.page.locator("[data-start]")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "look"),
    [
        ("fr", "dark"),
        *(pytest.param(*style, marks=pytest.mark.long) for style in (("en", "light"), ("en", "dark"), ("fr", "light"))),
    ],
)
def test_everybody_can_use_it(visit: Visit, language: str, look: Literal["light", "dark"]) -> None:
    """axe finds nothing before and after, narrow and wide; nothing scrolls sideways at 320 px."""
    guest = visit(language=language, look=look, width=320, prepare=REFUSE)
    guest.open("/connection-test/")
    found = findings(guest.page)
    run(guest)
    for summary in guest.page.locator("[data-details]:not([hidden]) summary").all():
        summary.click()
    assert guest.page.evaluate("document.documentElement.scrollWidth") <= 320
    found += findings(guest.page)
    take(guest, f"connection-{language}-{look}")
    assert found + findings(guest.page) == []
