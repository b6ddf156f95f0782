"""End-to-end encryption in the browser: who has the key sees and hears; who has another one, or none, does not."""

from __future__ import annotations

import hashlib
import struct

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.callers import Caller
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import findings
from tests.e2e.visitor import ENTERED_MS, Visitor, picture
from tests.stack import Stack, wait_until

pytestmark = [pytest.mark.live, pytest.mark.browser]

ALICE, BOB, CAMILLE = "Alice Martin", "Bob Durand", "Camille Robert"
KEY, SLUG = "0123456789abcdef" * 3, "abc-defg-hij"
ROOM_KEY = "/static/js/call/room_key.js"
CODE = """async ([kind, text, slug]) => {
  const { comparisonCode, secretOf } = await import("/static/js/call/frame_keys.js");
  return comparisonCode(await secretOf({ kind, text }, slug), slug);
}"""


def test_the_key_opens_the_meeting_and_nothing_else_does(visit: Visit, installation: Stack) -> None:
    """Two with the link see each other; a third with a passphrase of their own sees nothing until they get the key."""
    alice, bob, camille = visit("alice"), visit("bob"), visit()
    for visitor in (alice, bob, camille):
        visitor.expects_breaks = True  # the media client says on the console what it cannot decrypt
    link = encrypted_room(alice)
    slug = link.partition("#")[0].rpartition("/")[2]
    alice.page.locator("[data-enter]").click()
    expect(alice.page.locator("[data-key-known]")).to_have_text("You have the key: it stands in your link.")
    alice.join()
    bob.page.goto(link)
    bob.page.locator("[data-denied] summary").click()
    expect(bob.page.locator('[data-denied-action="record"]')).to_contain_text("end-to-end encrypted")
    bob.join()
    for visitor in (alice, bob):
        visitor.sees(2)
        visitor.receives("audio", "totalAudioEnergy", 1)
        expect(visitor.page.locator("[data-seal]")).to_have_text("End-to-end encrypted")
        expect(visitor.page.locator(".tile-seal")).to_have_count(0)
    codes = {code_of(visitor.page) for visitor in (alice, bob)}
    assert len(codes) == 1

    camille.open(f"/{slug}")
    expect(camille.page.locator("[data-key-input]")).to_be_visible()
    picture(camille.page, "encryption-before")
    camille.page.locator("[data-key-input]").fill("not what was agreed on")
    camille.join(CAMILLE)
    for name in (ALICE, BOB):
        expect(camille.tile(name).locator(".tile-seal")).to_contain_text("You have another key", timeout=ENTERED_MS)
    expect(alice.tile(CAMILLE).locator(".tile-seal")).to_contain_text("You have another key")
    camille.receives("video", "bytesReceived", 2)
    assert set(camille.inbound("video", "framesDecoded")) == {0}
    assert set(camille.inbound("audio", "totalAudioEnergy")) <= {0}
    expect(camille.page.locator("[data-seal]")).to_have_text("Not everybody can be decrypted")
    picture(camille.page, "encryption-other-key")
    assert code_of(camille.page) not in codes

    camille.tile(ALICE).get_by_role("button", name="Type another key").click()
    expect(camille.page.locator("[data-rekey-input]")).to_be_focused()
    picture(camille.page, "encryption-dialog")
    assert findings(camille.page, "#encryption") == []
    camille.page.locator("[data-rekey-input]").fill(link)
    camille.page.get_by_role("button", name="Use this key").click()
    camille.sees(3)
    alice.sees(3)
    expect(camille.page.locator(".tile-seal")).to_have_count(0)
    assert code_of(camille.page) in codes

    stranger = Caller(visit(), "stranger")
    stranger.enter(installation, slug)
    stranger.publish(320, 180)
    expect(alice.page.locator(".tile-seal.open")).to_have_text("Not encrypted")
    expect(alice.page.locator("[data-seal]")).to_have_text("Somebody sends without encryption")
    wait_until(lambda: stranger.received().get("bytesReceived", 0) > 0, "packets without a key")
    assert stranger.received().get("framesDecoded", 0) == 0
    picture(alice.page, "encryption-open")


def test_links_keep_their_key_in_the_browser(visit: Visit) -> None:
    """It is read from a link, never sent, and the same for all who have it; the code is what its document says."""
    guest = visit()
    sent: list[str] = []
    guest.page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    guest.open("/")
    for kind, text, secret in (
        ("link", KEY, bytes.fromhex(KEY)),
        ("passphrase", "état civil", stretched("état civil")),
    ):
        assert guest.page.evaluate(CODE, [kind, text, SLUG]) == code(secret)
    read = f'async (typed) => (await import("{ROOM_KEY}")).readTyped(typed)'
    assert guest.page.evaluate(read, f" https://x/{SLUG}#{KEY} ") == {"kind": "link", "text": KEY}
    assert guest.page.evaluate(read, "e\u0301tat civil") == {"kind": "passphrase", "text": "état civil"}
    guest.page.locator('[name="address"]').first.fill(f"{guest.stack.url}/{SLUG}#{KEY}")
    guest.expects_breaks = True  # there is no such room
    guest.page.locator("[data-address-form] button").first.click()
    guest.page.wait_for_url(f"**/{SLUG}")
    kept = f'async (slug) => (await import("{ROOM_KEY}")).kept(slug)'
    assert guest.page.evaluate(kept, SLUG) == {"kind": "link", "text": KEY}
    assert [url for url in sent if KEY in url.partition("#")[0]] == []


def encrypted_room(host: Visitor) -> str:
    """Make a room, have it encrypted, and give a link with its key."""
    host.create_room()
    host.page.locator('[name="encryption_mode"][value="basic"]').check()
    host.page.get_by_role("button", name="Save the encryption").click()
    host.page.locator("[data-key-link] [data-key-new]").click()
    picture(host.page, "encryption-settings")
    return host.page.locator("[data-link-box] [data-link]").inner_text()


def code_of(page: Page) -> str:
    """Give the comparison code that somebody sees."""
    return page.locator("[data-seal-code]").text_content() or ""


def stretched(passphrase: str) -> bytes:
    """Give the secret of a passphrase."""
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), f"visio passphrase {SLUG}".encode(), 600_000, 32)


def code(secret: bytes) -> str:
    """Give the comparison code of a secret."""
    digest = hashlib.sha256(f"visio comparison {SLUG} ".encode() + secret).digest()
    return " ".join(f"{number % 10_000:04}" for number in struct.unpack(">3I", digest[:12]))
