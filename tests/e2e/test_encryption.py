"""End-to-end encryption in the browser: who has the key sees and hears; who has another one, or none, does not."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.callers import Caller
from tests.e2e.conftest import Visit, visitors
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


@dataclass(frozen=True)
class Meeting:
    """Two with the key of an encrypted room."""

    alice: Visitor
    bob: Visitor
    link: str
    """With the key."""

    @property
    def slug(self) -> str:
        """Give the room's code."""
        return self.link.partition("#")[0].rpartition("/")[2]


@pytest.fixture(scope="module")
def meeting(installation: Stack, browser: Browser) -> Iterator[Meeting]:
    """Give alice, who made the link with its key, and bob, who followed it."""
    with visitors(installation, browser) as visit:
        alice, bob = visit("alice"), visit("bob")
        for visitor in (alice, bob):
            visitor.expects_breaks = True  # the media client says on the console what it cannot decrypt
        link = encrypted_room(alice)
        alice.page.locator("[data-enter]").click()
        expect(alice.page.locator("[data-key-known]")).to_have_text("You have the key: it stands in your link.")
        alice.join()
        bob.page.goto(link)
        bob.page.locator("[data-denied] summary").click()
        expect(bob.page.locator('[data-denied-action="record"]')).to_contain_text("end-to-end encrypted")
        bob.join()
        yield Meeting(alice, bob, link)


def test_with_the_key_two_see_and_hear_each_other(meeting: Meeting) -> None:
    """The sign says so, and both see the same comparison code."""
    for visitor in (meeting.alice, meeting.bob):
        visitor.sees(2)
        visitor.receives("audio", "totalAudioEnergy", 1)
        expect(visitor.page.locator("[data-seal]")).to_have_text("End-to-end encrypted")
        expect(visitor.page.locator(".tile-seal")).to_have_count(0)
    assert code_of(meeting.alice.page) == code_of(meeting.bob.page) != ""
    copied = meeting.alice.page.locator(".call .alone [data-copy]").get_attribute("data-copy")
    assert copied == meeting.link
    assert meeting.alice.page.locator(".call .alone [data-link]").text_content() == meeting.link


def test_with_another_key_one_sees_nothing_until_one_types_the_right_one(meeting: Meeting, visit: Visit) -> None:
    """A passphrase that was not agreed on: packets come, no picture and no sound; every tile says why."""
    camille = visit()
    camille.expects_breaks = True
    camille.open(f"/{meeting.slug}")
    camille.page.locator("#guest-name").fill(CAMILLE)
    camille.page.locator("[data-key-input]").fill(" " * 12)
    camille.page.locator("[data-join]").click()
    expect(camille.page.locator("[data-trouble-text]")).to_have_text("Please type the key of this meeting.")
    camille.page.locator("[data-key-input]").fill("not what was agreed on")
    picture(camille.page, "encryption-before")
    camille.join(CAMILLE)
    for name in (ALICE, BOB):
        expect(camille.tile(name).locator(".tile-seal")).to_contain_text("You have another key", timeout=ENTERED_MS)
    expect(meeting.alice.tile(CAMILLE).locator(".tile-seal")).to_contain_text("This person has another key")
    camille.receives("video", "bytesReceived", 2)
    assert set(camille.inbound("video", "framesDecoded")) == {0}
    assert set(camille.inbound("audio", "totalAudioEnergy")) <= {0}
    expect(camille.page.locator("[data-seal]")).to_have_text("Not everybody can be decrypted")
    assert code_of(camille.page) != code_of(meeting.alice.page)
    picture(camille.page, "encryption-other-key")
    camille.tile(ALICE).get_by_role("button", name="Type another key").click()
    expect(camille.page.locator("[data-rekey-input]")).to_be_focused()
    picture(camille.page, "encryption-dialog")
    assert findings(camille.page, "#encryption") == []
    camille.page.locator("[data-rekey-input]").fill(meeting.link)
    camille.page.get_by_role("button", name="Use this key").click()
    camille.sees(3)
    meeting.alice.sees(3)
    expect(camille.page.locator(".tile-seal")).to_have_count(0)
    assert code_of(camille.page) == code_of(meeting.alice.page)


def test_without_encryption_one_sees_nothing_and_is_marked(meeting: Meeting, visit: Visit, installation: Stack) -> None:
    """A client that knows of no key gets packets that it cannot decode; the others are told that it sends in clear."""
    stranger = Caller(visit(), "stranger")
    stranger.visitor.expects_breaks = True
    stranger.enter(installation, meeting.slug)
    stranger.publish(320, 180)
    page = meeting.alice.page
    expect(page.locator(".tile-seal.open [data-seal-text]")).to_have_text("Not encrypted")
    expect(page.locator("[data-seal]")).to_have_text("Somebody sends without encryption")
    wait_until(lambda: stranger.received().get("bytesReceived", 0) > 0, "packets without a key")
    assert stranger.received().get("framesDecoded", 0) == 0
    picture(page, "encryption-open")


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
