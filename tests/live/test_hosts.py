"""Roles, bans and requests in the call: decided by the server, told at once, shown to those whom they concern."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.test import override_settings
from django.utils import timezone

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.meeting import present
from tests.live.test_moderation import _inside
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role
from visio.rooms.visits import Visit
from visio.signalling import sessions
from visio.signalling.models import Session


async def test_a_co_host_for_one_meeting(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Runs the meeting at once, cannot do what outlasts it, and is a stranger again when it is over."""
    await sync_to_async(room.add_member)(charlie)
    client, session = await _inside(worker, room, charlie)
    host, other = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    assert (await other.arrive())["host"] is False
    await other.hears("room.rights", host=False, role="member")
    await host.say("people.role", identity=str(charlie.pk), role="host", lasting=False, id=1)
    await other.hears("room.rights", host=True, role="host", lasting=False)
    attributes = (await worker.next(wire.Permit)).grant.attributes
    assert (attributes["role"], attributes["role_until"]) == ("host", "meeting")
    await other.say("room.lock", locked=True, id=2)
    await other.hears("done", to=2)
    for message in ({"type": "people.role", "role": "host", "lasting": True}, {"type": "people.ban"}):
        await other.say(**{"identity": str(alice.pk), **message}, id=3)  # type: ignore[arg-type]
        assert "ends with this meeting" in (await other.hears("error", to=3))["message"]
    await client.leave()
    await sync_to_async(sessions.left)(session.pk, session.channel, session.opened_at)
    assert not await Visit.objects.aexists()
    assert (await Member.objects.aget(user=charlie)).role == "member"
    await host.leave()
    await other.leave()


async def test_a_role_for_good(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    await sync_to_async(room.add_member)(charlie)
    client, _session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("people.role", identity=str(charlie.pk), role="host", lasting=True, id=1)
    await host.hears("done", to=1)
    attributes = (await worker.next(wire.Permit)).grant.attributes
    assert (attributes["role"], "role_until" in attributes) == ("host", False)
    await host.say("people.role", identity=str(charlie.pk), role="owner", lasting=True, id=2)
    assert (await host.hears("error", to=2))["code"] == "malformed"
    await client.leave()
    await host.leave()


async def test_the_room_is_handed_over(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    await sync_to_async(room.add_member)(charlie)
    client, _session = await _inside(worker, room, charlie)
    host = Browser(room, alice)
    await host.arrive()
    await host.say("room.transfer", identity=str(charlie.pk), id=1)
    await host.hears("done", to=1)
    roles = {member.user_id: member.role async for member in Member.objects.filter(room=room)}
    assert roles == {alice.pk: "host", charlie.pk: "owner"}
    await host.say("room.transfer", identity=str(charlie.pk), id=2)
    assert (await host.hears("error", to=2))["code"] == "not_allowed"
    await client.leave()
    await host.leave()


async def test_a_ban_holds_for_the_browser(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Who was banned does not come back from the same browser as a guest, until the ban is lifted."""
    await sync_to_async(room.change)(access_level="public")
    client, session = await _inside(worker, room, charlie)
    session.device = (await Browser(room, who="dave").arrive())["identity"]
    await session.asave()
    host, guest = Browser(room, alice), Browser(room, who="dave")
    await host.arrive()
    await host.say("people.ban", identity=str(charlie.pk))
    (banned,) = (await host.hears("people.banned", people=[]) and await host.hears("people.banned"))["people"]
    assert (banned["name"], banned["by"], banned["lasting"]) == ("Charlie Test", "Alice Test", True)
    assert await guest.open() == 101
    await guest.say("hello", version=1, name="Dave")
    assert "may not come back" in (await guest.hears("error"))["message"]
    await host.say("people.unban", identity=str(charlie.pk))
    assert (await host.hears("people.banned"))["people"] == []
    assert (await Browser(room, who="dave").arrive())["inside"] is True
    await client.leave()
    await host.leave()


async def test_somebody_is_asked_to_unmute(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """The person sees who asks; nothing is turned on."""
    await sync_to_async(room.add_member)(charlie)
    client, _session = await _inside(worker, room, charlie)
    host, other = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await other.arrive()
    await host.say("people.ask", identity=str(charlie.pk), source="microphone")
    asked = await other.hears("people.asked")
    assert (asked["from"], asked["source"]) == ("Alice Test", "microphone")
    await host.say("people.ask", identity="nobody", source="camera", id=1)
    assert (await host.hears("error", to=1))["code"] == "nobody"
    await client.leave()
    await host.leave()
    await other.leave()


async def test_hosts_see_what_a_level_above_has_decided(layer: None, room: Room, alice: User) -> None:
    with override_settings(ROOM_POLICY='{"camera": "hosts"}', ROOM_POLICY_CONTACT="help@service.example"):
        host = Browser(room, alice)
        await host.arrive()
        sources = (await host.hears("room.rights"))["sources"]
    assert sources["camera"] == {
        "audience": "hosts",
        "why": "This service asks it. Contact: help@service.example.",
    }
    assert sources["microphone"] == {"audience": "everybody", "why": ""}
    await host.leave()


async def test_the_only_owner_does_not_hand_over_to_themselves(layer: None, room: Room, alice: User) -> None:
    host = await present(room, alice)
    await host.say("room.transfer", identity=str(alice.pk), id=1)
    assert "owner" in (await host.hears("error", to=1))["message"]
    assert (await Member.objects.aget(user=alice)).role == "owner"
    await host.leave()


async def test_what_a_co_host_allows_ends_with_the_meeting(layer: None, room: Room, alice: User, charlie: User) -> None:
    """The owner's lasting word is put aside meanwhile, and holds again; a lasting host's counts for good."""
    await sync_to_async(room.change)(terms={"camera": "hosts", "chat": "hosts"})
    await sync_to_async(Visit.give_role)(room, charlie, Role.HOST, alice)
    host, co_host = await present(room, alice), await present(room, charlie)
    for source in ("camera", "chat"):
        await co_host.say("sources.allow", source=source, audience="everybody", id=1)
        await co_host.hears("done", to=1)
    found = await Room.objects.aget(pk=room.pk)
    assert (found.terms, found.facts.policy.audience("camera")) == ({"camera": "hosts", "chat": "hosts"}, "everybody")
    await host.say("sources.allow", source="chat", audience="members", id=2)
    await host.hears("done", to=2)
    found = await Room.objects.aget(pk=room.pk)
    assert (found.terms["chat"], found.terms_for_now) == ("members", {"camera": "everybody"})
    await Session.objects.aupdate(left_at=timezone.now())
    await Room.objects.filter(pk=room.pk).aupdate(began_at=timezone.now())
    await sync_to_async(sessions.end_meetings)(Room.objects.all())
    found = await Room.objects.aget(pk=room.pk)
    assert found.facts.policy.audience("camera") == "hosts"
    await host.leave()
    await co_host.leave()
