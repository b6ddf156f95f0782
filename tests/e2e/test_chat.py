"""The chat in the browser: written, answered, changed, taken back, private, mentioned, unread, kept through a cut."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.browser]
SCREENSHOTS = settings.BASE_DIR / "build" / "screenshots"
PATIENT_MS = 90_000
"""Two pictures are drawn without a graphics card meanwhile."""
CUT = """
window.sockets = [];
window.WebSocket = class extends window.WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
CUT_NOW = "window.sockets.filter(({url}) => url.includes('/ws/')).forEach((socket) => socket.close())"


def open_chat(who: Visitor) -> None:
    """Open the panel."""
    who.page.locator('[data-panel-open="chat"]').click()
    expect(who.page.locator("[data-chat-text]")).to_be_focused()


def write(who: Visitor, text: str) -> None:
    """Write a line and wait until the server has it."""
    who.page.locator("[data-chat-text]").fill(text)
    who.page.keyboard.press("Enter")
    expect(who.page.locator("[data-chat-text]")).to_have_value("", timeout=PATIENT_MS)


def line(who: Visitor, text: str) -> Locator:
    """Give the line with this text."""
    return who.page.locator("[data-line]").filter(has=who.page.locator("[data-text]", has_text=text)).last


def act(who: Visitor, text: str, action: str) -> None:
    """Press a button of a line."""
    line(who, text).hover()
    line(who, text).locator(f'[data-act="{action}"]').click()


def picture(who: Visitor, name: str) -> list[str]:
    """Take a picture of the panel; give what axe finds."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    who.page.screenshot(path=SCREENSHOTS / f"chat-{name}.png")
    return findings(who.page)


def test_a_conversation(visit: Visit) -> None:
    """Alice at a desk, Camille on a telephone in French: everything that one can do with a line."""
    alice = visit("alice", width=1280, height=800, prepare=CUT)
    alice.expects_breaks = True
    camille = visit(language="fr", width=375, height=740, look="dark")
    for visitor in (alice, camille):
        visitor.page.set_default_timeout(PATIENT_MS)
    slug = alice.create_room()
    alice.enter(slug)
    camille.enter(slug, "Camille \u0645\u0631\u062d\u0628\u0627")
    open_chat(alice)
    found = picture(alice, "empty")
    found += first_lines(alice, camille)
    send_a_file(alice, camille)
    change_and_mention(alice, camille)
    found += be_private(alice, camille)
    keep_through_a_cut(alice, camille)
    assert found == []


def first_lines(alice: Visitor, camille: Visitor) -> list[str]:
    """Lines arrive as they were written, links are safe, an answer quotes."""
    write(alice, "Good morning 👋 the plan is on https://visio.example/plan?x=1, or javascript:alert(1)")
    count = camille.page.locator("[data-chat-count]")
    expect(count).to_have_text("1")
    expect(camille.page.get_by_role("button", name=re.compile("Messagerie ?, 1 message non lu"))).to_be_visible()
    link = line(alice, "Good morning").locator("[data-text] a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://visio.example/plan?x=1")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    open_chat(camille)
    expect(count).to_be_hidden()
    write(camille, "<b>صباح الخير</b>")
    expect(line(alice, "صباح الخير").locator("[data-text]")).to_have_text("<b>صباح الخير</b>")
    act(alice, "صباح الخير", "reply")
    write(alice, "Welcome")
    expect(line(camille, "Welcome").locator("[data-quote]")).to_contain_text("<b>صباح الخير</b>")
    return picture(camille, "phone")


def send_a_file(alice: Visitor, camille: Visitor) -> None:
    """A file is taken away as it was, and never shown as a page."""
    alice.page.locator("[data-chat-file-input]").set_input_files(
        {"name": "Réponse <1>.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    )
    expect(alice.page.locator("[data-chat-attached]")).to_contain_text("Réponse <1>.html")
    write(alice, "See the attachment")
    expect(alice.page.locator("[data-chat-attached]")).to_be_hidden()
    with camille.page.expect_download() as download:
        line(camille, "See the attachment").locator("[data-file]").click()
    assert download.value.path().read_bytes() == b"<script>alert(1)</script>"


def change_and_mention(alice: Visitor, camille: Visitor) -> None:
    """A line is changed; somebody who is mentioned is told."""
    act(alice, "Welcome", "edit")
    expect(alice.page.locator("[data-chat-text]")).to_have_value("Welcome")
    write(alice, "Welcome to the council")
    expect(line(camille, "Welcome to the council").locator("[data-edited]")).to_be_visible()
    camille.page.locator('[data-panel="chat"] [data-panel-close]').click()
    alice.page.locator("[data-chat-text]").press_sequentially("Please say hello, @cam")
    expect(alice.page.locator("[data-chat-names] [role=option]")).to_have_count(1)
    alice.page.keyboard.press("Tab")
    alice.page.keyboard.press("Enter")
    expect(camille.page.locator("[data-notices]")).to_contain_text("Alice Martin vous mentionne dans la messagerie")
    expect(line(alice, "Please say hello").locator("mark")).to_have_count(1)


def be_private(alice: Visitor, camille: Visitor) -> list[str]:
    """A private line is for two; a deleted one is empty for all."""
    act(alice, "صباح الخير", "private")
    write(alice, "Only between us")
    expect(camille.page.locator("[data-notices]")).to_contain_text("Alice Martin vous écrit en privé")
    expect(line(alice, "Only between us").locator("[data-private]")).to_contain_text("Only for Camille")
    act(alice, "صباح الخير", "delete")
    expect(alice.page.locator(".chat-line.deleted [data-text]")).to_have_text("This message was deleted.")
    found = picture(alice, "desk")
    open_chat(camille)
    expect(line(camille, "Only between us").locator("[data-private]")).to_have_text("Seulement pour vous")
    expect(camille.page.locator(".chat-line.deleted")).to_have_count(1)
    return found + picture(camille, "phone-private")


def keep_through_a_cut(alice: Visitor, camille: Visitor) -> None:
    """What is written without a connection goes when it is back, once; what was missed comes; drafts stay."""
    alice.page.locator("[data-chat-to]").select_option("")
    alice.context.set_offline(True)
    alice.page.evaluate(CUT_NOW)
    alice.page.locator("[data-chat-text]").fill("Written in a tunnel")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("[data-chat-status]")).to_contain_text("The connection is lost")
    write(camille, "Are you there?")
    alice.context.set_offline(False)
    expect(line(camille, "Written in a tunnel")).to_be_visible()
    expect(alice.page.locator("[data-chat-text]")).to_have_value("")
    expect(line(alice, "Are you there?")).to_be_visible()
    expect(alice.page.locator("[data-line]").filter(has_text="Written in a tunnel")).to_have_count(1)
    alice.page.locator("[data-chat-text]").fill("Half a thought")
    alice.page.reload()
    alice.join()
    alice.page.locator('[data-panel-open="chat"]').click()
    expect(alice.page.locator("[data-chat-text]")).to_have_value("Half a thought")
    expect(line(alice, "Written in a tunnel")).to_be_visible()
