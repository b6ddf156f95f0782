"""A modified client, made of LiveKit's SDK and bare requests, tries to evade each thing that a host decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import jwt
import pytest
import pytest_asyncio
from livekit import rtc

from tests.live.network import Visitor
from tests.media_live.people import Person, until
from tests.stack import Stack

pytestmark = pytest.mark.live
CAMERA = rtc.TrackSource.SOURCE_CAMERA


@pytest.fixture(scope="module")
def service() -> Iterator[Stack]:
    """Give an installation where a host can sign in."""
    with Stack(media=1, worker=True, provider=True) as running:
        yield running


@dataclass
class Meeting:
    """A public room: alice runs it, bob looks on with the SDK, mallory is a guest with a modified client."""

    slug: str
    alice: Visitor
    mallory: Visitor
    bob: Person
    evil: Person
    identity: str
    first_ticket: str
    address: str

    def sees(self, name: str) -> bool:
        """Say whether bob has a track of mallory's with this name."""
        them = self.bob.room.remote_participants.get(self.identity)
        return them is not None and any(one.name == name for one in them.track_publications.values())


@pytest_asyncio.fixture
async def meeting(service: Stack) -> AsyncIterator[Meeting]:
    """Give the meeting."""
    async with Visitor(service, "alice") as alice, Visitor(service) as guest:
        slug = alice.create_room(name="Council", access_level="public")
        assert (await alice.arrive(slug))["host"] is True
        address, ticket = guest.ticket(slug, "Mallory")
        await guest.arrive(slug, "Mallory")
        bob, evil = Person("bob", single=False), Person("mallory", single=False)
        try:
            await bob.connect(*Visitor(service).ticket(slug, "Bob"))
            await evil.connect(address, ticket)
            identity = evil.room.local_participant.identity
            yield Meeting(slug, alice, guest, bob, evil, identity, ticket, address)
        finally:
            await asyncio.gather(bob.leave(), evil.leave())


async def test_a_forbidden_source_stays_silent(meeting: Meeting) -> None:
    """Muted, then forbidden: what is sent ends, and neither republishing nor coming back with an old ticket helps."""
    await meeting.evil.speak(440)
    await until(lambda: meeting.sees("mic"), "bob has the microphone")
    _address, unused = meeting.mallory.ticket(meeting.slug, "Mallory")
    assert await meeting.alice.asks("people.mute", identity=meeting.identity, source="microphone") == "done"
    await until(lambda: meeting.bob.of("track_muted"), "the microphone is muted")
    assert await meeting.alice.asks("sources.allow", source="microphone", audience="hosts") == "done"
    await until(lambda: not meeting.sees("mic"), "the microphone is gone")
    await _cannot(meeting.evil.speak(440, "again"))
    await _cannot(meeting.evil.speak(440, "as a camera", CAMERA))
    # Sound that is called a camera is let through by no client's rule but by its source; bob must hear none.
    again = Person("mallory-2", single=False)
    await again.connect(meeting.address, unused)
    await _cannot(again.speak(440, "with an old ticket"))
    assert not meeting.sees("again")
    assert not meeting.sees("with an old ticket")
    await again.leave()


async def test_who_is_kept_muted_cannot_speak(meeting: Meeting) -> None:
    """Not by unmuting, by publishing anew, nor with a ticket from before or after; the others may."""
    await meeting.evil.speak(440)
    await until(lambda: meeting.sees("mic"), "bob has the microphone")
    _address, before = meeting.mallory.ticket(meeting.slug, "Mallory")
    fields = {"identity": meeting.identity, "source": "microphone"}
    assert await meeting.mallory.asks("people.allow", **fields, allowed=True) == "not_allowed"
    assert await meeting.alice.asks("people.allow", **fields, allowed=False) == "done"
    await until(lambda: not meeting.sees("mic"), "the microphone is gone")
    await _cannot(meeting.evil.speak(440, "again"))
    await _cannot(meeting.evil.speak(440, "as a camera", CAMERA))
    for number, token in enumerate((before, meeting.mallory.ticket(meeting.slug, "Mallory")[1])):
        again = Person(f"mallory-{number}", single=False)
        await again.connect(meeting.address, token)
        await _cannot(again.speak(440, "come back"))
        await again.leave()
    await meeting.bob.speak(330)
    assert await meeting.alice.asks("people.allow", **fields, allowed=True) == "done"


async def test_nobody_but_hosts_sends_while_frozen(meeting: Meeting) -> None:
    """What was sent ends; republishing, an older ticket, and data are refused, until a host lets the meeting go on."""
    await meeting.evil.speak(440)
    await until(lambda: meeting.sees("mic"), "bob has the microphone")
    _address, unused = meeting.mallory.ticket(meeting.slug, "Mallory")
    assert await meeting.alice.asks("room.freeze", frozen=True) == "done"
    await until(lambda: not meeting.sees("mic"), "the microphone is gone")
    await _cannot(meeting.evil.speak(440, "frozen"))
    await _cannot(meeting.evil.show(200, "screen", rtc.TrackSource.SOURCE_SCREENSHARE))
    assert await meeting.mallory.asks("reaction.send", reaction="clap") == "not_allowed"
    assert await meeting.mallory.asks("room.freeze", frozen=False) == "not_allowed"
    again = Person("mallory-2", single=False)
    with pytest.raises(rtc.ConnectError):
        await again.connect(meeting.address, unused)
    assert not meeting.mallory.knock(meeting.slug).get("livekit")
    assert await meeting.alice.asks("room.freeze", frozen=False) == "done"
    await meeting.evil.speak(440, "thawed")
    await until(lambda: meeting.sees("thawed"), "bob hears mallory again")
    assert not meeting.sees("frozen")


async def test_who_was_banned_does_not_come_back(meeting: Meeting) -> None:
    """Not with the ticket, a fresh one, the refreshed token, nor by asking anew."""
    spare = meeting.mallory.ticket(meeting.slug, "Mallory")[1]
    assert await meeting.alice.asks("people.ban", identity=meeting.identity, lasting=False) == "done"
    await until(lambda: meeting.evil.of("disconnected"), "mallory is put out")
    assert "livekit" not in meeting.mallory.knock(meeting.slug) or not meeting.mallory.knock(meeting.slug)["livekit"]
    for token in (meeting.first_ticket, spare):
        with pytest.raises(rtc.ConnectError):
            await Person("mallory", single=False).connect(meeting.address, token)
    (banned,) = (await meeting.alice.hears("people.banned"))["people"] or (await meeting.alice.hears("people.banned"))[
        "people"
    ]
    assert (banned["identity"], banned["lasting"]) == (meeting.identity, False)
    assert await meeting.alice.asks("people.unban", identity=meeting.identity) == "done"
    assert meeting.mallory.knock(meeting.slug, "Mallory")["livekit"]["token"]


async def test_who_was_removed_needs_a_new_decision(meeting: Meeting) -> None:
    spare = meeting.mallory.ticket(meeting.slug, "Mallory")[1]
    assert await meeting.alice.asks("people.remove", identity=meeting.identity) == "done"
    await until(lambda: meeting.evil.of("disconnected"), "mallory is put out")
    assert not meeting.mallory.knock(meeting.slug, "Mallory").get("livekit"), "a public room, but a host decides"
    for token in (meeting.first_ticket, spare):
        with pytest.raises(rtc.ConnectError):
            await Person("mallory", single=False).connect(meeting.address, token)


async def test_nobody_becomes_somebody_else(meeting: Meeting) -> None:
    """Name, metadata and card are the server's; data comes in the sender's own name; a forged ticket opens nothing."""
    us = meeting.evil.room.local_participant
    await us.set_name("Alice Martin")
    await us.set_metadata("host")
    await us.set_attributes({"kind": "agent", "role": "owner", "organization": "Ministry"})
    await us.publish_data("hello", destination_identities=["bob"], topic="as alice")
    await us.publish_data("hello", topic="as alice")
    await until(lambda: meeting.bob.of("data_received"), "bob gets the data")
    (packet,) = meeting.bob.of("data_received")[0]
    assert packet.participant.identity == meeting.identity
    seen = meeting.bob.room.remote_participants[meeting.identity]
    assert (seen.name, seen.metadata, dict(seen.attributes)) == ("Mallory", "", {"kind": "guest"})
    claims = jwt.decode(meeting.first_ticket, options={"verify_signature": False})
    forged = jwt.encode({**claims, "sub": "somebody", "jti": "new"}, "a-secret-of-mallory-with-32-bytes", "HS256")
    with pytest.raises(rtc.ConnectError):
        await Person("mallory", single=False).connect(meeting.address, forged)


async def test_a_guest_is_no_host_on_the_companion_socket(meeting: Meeting) -> None:
    """Every order of hosts is refused, and changes nothing."""
    bob = meeting.bob.room.local_participant.identity
    orders: list[tuple[str, dict[str, object]]] = [
        ("people.mute", {"source": "microphone"}),
        ("people.ask", {"source": "microphone"}),
        ("people.allow", {"identity": bob, "source": "camera", "allowed": False}),
        ("people.remove", {"identity": bob}),
        ("people.ban", {"identity": bob}),
        ("people.unban", {"identity": bob}),
        ("people.role", {"identity": meeting.identity, "role": "host", "lasting": False}),
        ("people.role", {"identity": meeting.identity, "role": "host", "lasting": True}),
        ("room.transfer", {"identity": meeting.identity}),
        ("room.lock", {"locked": True}),
        ("room.close", {}),
        ("stage.spotlight", {"identity": meeting.identity}),
        ("hand.clear", {}),
        ("hand.lower", {"identity": bob}),
        ("hand.give", {"identity": meeting.identity}),
        ("people.identify", {"identity": bob, "acr": "eidas2"}),
        ("sources.allow", {"source": "camera", "audience": "nobody"}),
        ("lobby.admit", {}),
    ]
    for order, fields in orders:
        assert await meeting.mallory.asks(order, **fields) == "not_allowed", order
    assert bob in meeting.evil.others()
    assert meeting.alice.knock(meeting.slug)["livekit"]


async def _cannot(publishing: object) -> None:
    """Wait until the server has refused what was to be published."""
    with pytest.raises((rtc.participant.PublishTrackError, TimeoutError)):
        await asyncio.wait_for(publishing, 8)  # type: ignore[arg-type]
