"""Settings: a profile that goes along, shortcuts and notices in the call, and the arithmetic behind them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import Visitor, picture
from visio.preferences.shortcuts import DEFAULTS, SINGLES, effective, why_not

pytestmark = [pytest.mark.live, pytest.mark.browser]

COUNT_NOTES = """
window.notes = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.notes += 1; return start.apply(this, given); };
"""
LOOK = """() => {
  const { dataset } = document.documentElement;
  const { fontSize, fontFamily } = getComputedStyle(document.documentElement);
  return [dataset.textSize, dataset.contrast, fontSize, fontFamily.split(',')[0]];
}"""
PHONE = {"width": 390, "height": 844}
MICROPHONE = '[data-control="microphone"]'


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of several, and wait until it is kept."""
    page.locator(f'input[name="{name}"][value="{value}"]').check()
    expect(page.locator("[data-preferences-status]")).to_have_text("Kept")


def test_a_profile_goes_with_the_account(visit: Visit) -> None:
    """What alice chooses in one browser holds in another, in a room too; a guest's stays in theirs."""
    alice, guest = visit("alice", look="dark"), visit(width=320)
    for visitor in (alice, guest):
        visitor.open("/preferences/")
        choose(visitor.page, "font", "dyslexia")
        choose(visitor.page, "contrast", "more")
        choose(visitor.page, "text_size", "largest")
        assert findings(visitor.page) == []
    assert guest.page.evaluate("document.documentElement.scrollWidth") <= 320
    elsewhere = visit("alice")
    slug = elsewhere.create_room()
    for visitor in (elsewhere, guest):
        visitor.open(f"/{slug}")
        assert visitor.page.evaluate(LOOK) == ["largest", "more", "24px", "OpenDyslexic"]
    stranger = visit()
    stranger.open(f"/{slug}")
    assert stranger.page.evaluate(LOOK)[:3] == [None, None, "16px"]
    forget(alice)
    expect(alice.page.locator('input[name="text_size"][value="normal"]')).to_be_checked()


def forget(visitor: Visitor) -> None:
    """Bring the defaults of an account back, which other tests use, too."""
    visitor.open("/preferences/")
    visitor.page.locator("[data-preferences-reset]").click()
    expect(visitor.page.locator("[data-preferences-status]")).to_have_text("Kept")


def test_settings_in_the_call(visit: Visit) -> None:
    """Before the call and in it: tabs by keyboard, keys that change, notices as they are wished."""
    alice, guest = visit("alice", prepare=COUNT_NOTES), visit()
    slug = alice.create_room()
    alice.open(f"/{slug}")
    alice.page.get_by_role("button", name="Settings", exact=True).click()
    expect(alice.page.locator("#settings")).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.join()
    guest.open(f"/{slug}")
    guest.page.locator("#guest-name").fill("Camille")
    assert walk_tabs(alice.page) == []
    change_keys(alice.page)
    hear_of(alice.page, guest.page)
    forget(alice)


def walk_tabs(page: Page) -> list[str]:
    """Go through every section by keyboard; give what axe finds."""
    open_settings(page)
    tabs = page.locator("#settings [role=tab]")
    found: list[str] = []
    for index in range(tabs.count()):
        expect(tabs.nth(index)).to_be_focused()
        expect(tabs.nth(index)).to_have_attribute("aria-selected", "true")
        found += findings(page, "#settings")
        picture(page, f"settings-{index}")
        page.keyboard.press("ArrowRight")
    return found


def change_keys(page: Page) -> None:
    """Give the microphone other keys; they work, the former ones do not, and the help tells them."""
    microphone, keyboard = page.locator(MICROPHONE), page.keyboard
    page.locator("#settings-tab-keyboard").click()
    assert record(page, "microphone", "Control+e") == "These keys are those of: Camera on or off."
    assert record(page, "microphone", "m") == "Add Ctrl or Alt, or allow single keys above."
    assert record(page, "microphone", "Control+k") == ""
    keyboard.press("Escape")
    expect(microphone).to_have_attribute("aria-keyshortcuts", "Control+K")
    keyboard.press("Control+k")
    expect(microphone).to_have_accessible_name("Turn microphone on")
    keyboard.press("Control+d")
    speak(page)
    keyboard.press("Alt+Shift+K")
    expect(page.locator('#keys-help [data-shortcut="microphone"] [data-keys]')).to_have_text("CtrlK")
    assert findings(page, "#keys-help") == []
    keyboard.press("Escape")
    keyboard.press("Alt+Shift+C")
    expect(page.locator('[data-panel="chat"]')).to_be_visible()


def hear_of(page: Page, guest: Page) -> None:
    """Somebody comes, with a sound; in quiet mode their hand is only read out."""
    guest.locator("[data-join]").click()
    expect(page.locator("[data-notices]")).to_contain_text("Camille is here")
    expect(page.locator("[data-read-out]")).to_contain_text("Camille is here")
    page.wait_for_function("window.notes > 0")
    open_settings(page, "notices")
    page.locator('#settings [data-preference="quiet"]').check()
    page.locator("#settings-tab-display").click()
    choose(page, "announcements", "important")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+Shift+W")
    told = page.locator("[data-read-out]")
    expect(told).to_contain_text("Your microphone is off. Your camera is on. 2 people are here.")
    guest.locator("[data-hand-toggle]").click()
    expect(told).to_contain_text("Camille raises a hand")
    expect(page.locator("[data-notices]")).not_to_contain_text("Camille raises a hand")


def open_settings(page: Page, section: str = "") -> None:
    """Open the settings from the menu, at a section."""
    page.locator('[popovertarget="more-controls"]').click()
    page.locator(".more-controls [data-settings-open]").click()
    expect(page.locator("#settings")).to_be_visible()
    if section:
        page.locator(f"#settings-tab-{section}").click()


def record(page: Page, name: str, keys: str) -> str:
    """Press new keys for a shortcut; give what speaks against them."""
    row = page.locator(f'#settings [data-shortcut="{name}"]')
    button = row.locator("[data-record]")
    if "recording" not in (button.get_attribute("class") or ""):
        button.click()
    page.keyboard.press(keys)
    return row.locator("[data-problem]").inner_text()


def speak(page: Page) -> None:
    """Hold the keys to speak: the microphone is on while they are down."""
    microphone = page.locator(MICROPHONE)
    for key in ("Control", "Space"):
        page.keyboard.down(key)
    expect(microphone).to_have_accessible_name("Turn microphone off")
    for key in ("Space", "Control"):
        page.keyboard.up(key)
    expect(microphone).to_have_accessible_name("Turn microphone on")


TRIED = ["Control+D", "M", "Shift+M", "F5", "Control+F2", "Control+Alt+M", "Control+T", "Alt+Shift+9", "Enter", ""]
PRESSES = [
    ({"key": "˙", "code": "KeyH", "altKey": True, "shiftKey": True}, "Alt+Shift+H"),
    ({"key": "&", "code": "Digit1", "ctrlKey": True}, "Control+1"),
    ({"key": "q", "code": "KeyA", "metaKey": True}, "Control+Q"),
    ({"key": "Shift", "code": "ShiftLeft", "shiftKey": True}, ""),
]
EVERYTHING = dict.fromkeys(("join", "chat", "hand", "waiting"), True)
QUIET = {"announcements": "important", "quiet": True, "shown": EVERYTHING, "sounds": EVERYTHING}
MATTERS = ["join", "hand", "waiting", "reaction", ""]
FATES = "Object.fromEntries(given[0].map((one) => [one, it.fateOf(one, false, given[1])]))"
TYPED = "Bob <bob@x.example>, al@y.example;c@z.example\nnobody bob@x.example"


def test_the_browser_counts_as_the_service_does(visit: Visit) -> None:
    """Keys that are fit, keys that result, and what becomes of a notice; Python and JavaScript agree."""
    guest = visit()
    guest.open("/")

    def run(module: str, expression: str, *given: Any) -> Any:
        script = f"async (given) => {{ const it = await import('/static/js/call/{module}.js'); return {expression}; }}"
        return guest.page.evaluate(script, list(given))

    for single_keys in (False, True):
        values: dict[str, Any] = {"shortcuts": {}, "single_keys": single_keys}
        codes = run("shortcuts", "given[0].map((keys) => it.whyNot(keys, 'hand', given[1]).code)", TRIED, values)
        assert codes == [why_not(keys, single_keys=single_keys) for keys in TRIED]
    chosen = {"hand": "Control+D", "leave": "", "chat": "Alt+Shift+P"}
    for usual, single_keys in ((DEFAULTS, False), (SINGLES, True)):
        found = run("shortcuts", "it.effective(given[0], given[1])", chosen, usual)
        assert found == effective(chosen, single_keys=single_keys)
    for press, keys in PRESSES:
        assert run("shortcuts", "it.keysOf(given[0])", press) == keys
    fates = run("notice_rules", FATES, MATTERS, QUIET)
    assert {matter for matter, fate in fates.items() if fate["isShown"]} == {"waiting", ""}
    assert {matter for matter, fate in fates.items() if fate["isSaid"]} == {"waiting", "hand", ""}
    assert not any(fate["isHeard"] for fate in fates.values())
    assert run("invitations", "it.addressesIn(given[0])", TYPED) == ["bob@x.example", "al@y.example", "c@z.example"]
    assert [run("connection_stats", MEASURE, loss, delay) for loss, delay in ((0, 0.05), (5, 0.05), (50, 0.7))] == [
        ["relay-tls", 1_000_000, "good", ["relay"]],
        ["relay-tls", 1_000_000, "fair", ["loss-down", "relay"]],
        ["relay-tls", 1_000_000, "poor", ["loss-down", "delay", "relay"]],
    ]


MEASURE = """(() => {
  const [lost, delay] = given;
  const reports = (seconds) => [
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    { id: "P", type: "candidate-pair", localCandidateId: "L", currentRoundTripTime: delay },
    { id: "L", type: "local-candidate", candidateType: "relay", relayProtocol: "tls", protocol: "udp" },
    { id: "I", type: "inbound-rtp", kind: "video", timestamp: seconds * 1000, bytesReceived: seconds * 125000,
      packetsLost: seconds * lost, packetsReceived: seconds * (100 - lost) },
  ];
  const meter = new it.Meter();
  meter.read(reports(1));
  const figures = meter.read(reports(2));
  const { verdict, remarks } = it.judge(figures);
  return [figures.route, figures.downBps, verdict, remarks];
})()"""
