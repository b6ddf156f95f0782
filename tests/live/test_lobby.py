"""The lobby: those who wait and those who let them in, pushed both ways."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings
from django.utils import timezone

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.meeting import enter
from visio.live import seat
from visio.rooms import guests
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role
from visio.rooms.visits import State, Visit
from visio.signalling import sessions


async def test_it_works(layer: None, room: Room, alice: User) -> None:
    """A guest waits, the host is told at once who it is, and lets them in."""
    host, guest = Browser(room, alice), Browser(room)
    assert (await host.arrive())["host"] is True
    welcome = await guest.arrive("Dave")
    assert (welcome["inside"], welcome["host"]) == (False, False)
    assert (await guest.hears("lobby.position"))["position"] == 1
    waiting = (await host.hears("lobby.people", people=[]))["people"] or (await host.hears("lobby.people"))["people"]
    assert [(person["name"], person["card"]) for person in waiting] == [("Dave", {"kind": "guest"})]
    await host.say("lobby.admit", identity=waiting[0]["identity"])
    await guest.hears("lobby.admitted")
    assert (await host.hears("lobby.people", people=[]))["people"] == []
    await guest.leave()
    assert (await guest.arrive("Dave"))["inside"] is True
    await guest.leave()
    await host.leave()


async def test_the_card_of_an_agent(layer: None, room: Room, alice: User, charlie: User) -> None:
    host, stranger = Browser(room, alice), Browser(room, charlie)
    await stranger.arrive("Somebody else")
    await host.arrive()
    (person,) = (await host.hears("lobby.people"))["people"]
    assert (person["name"], person["card"]) == ("Charlie Test", {"kind": "agent", "organization": "Town hall"})
    await host.say("lobby.admit", identity=person["identity"], role="member")
    await stranger.hears("lobby.admitted")
    assert await Member.objects.filter(room=room, user=charlie, role="member").aexists()
    await stranger.leave()
    await host.leave()


async def test_a_host_who_comes_back_sees_who_waits(layer: None, room: Room, alice: User) -> None:
    host, guest = Browser(room, alice), Browser(room)
    await guest.arrive("Dave")
    for _ in range(2):
        await host.arrive()
        assert len((await host.hears("lobby.people"))["people"]) == 1
        await host.leave()
    await guest.leave()


async def test_waiting_twice_is_one_entry(layer: None, room: Room, alice: User) -> None:
    host, first, second = Browser(room, alice), Browser(room), Browser(room)
    await first.arrive("Dave")
    await second.arrive("Dave")
    await host.arrive()
    assert len((await host.hears("lobby.people"))["people"]) == 1
    await second.leave()
    assert (await host.hears("lobby.people", people=[]))["people"] == []
    assert len((await host.hears("lobby.people"))["people"]) == 1, "the first tab still waits"
    await first.leave()
    assert (await host.hears("lobby.people", people=[]))["people"] == []
    await host.leave()


async def test_positions(layer: None, room: Room, alice: User) -> None:
    first, second, host = Browser(room), Browser(room, who="erin"), Browser(room, alice)
    await first.arrive("Dave")
    await second.arrive("Erin")
    assert await second.hears("lobby.position", position=2, of=2)
    await host.arrive()
    (dave, _erin) = (await host.hears("lobby.people"))["people"]
    await host.say("lobby.refuse", identity=dave["identity"])
    await first.hears("lobby.refused")
    assert await second.hears("lobby.position", position=1, of=1)
    await host.say("lobby.admit")
    await second.hears("lobby.admitted")
    for browser in (first, second, host):
        await browser.leave()


async def test_a_host_writes_to_those_who_wait(layer: None, room: Room, alice: User) -> None:
    host, guest = Browser(room, alice), Browser(room)
    await guest.arrive("Dave")
    await host.arrive()
    await host.say("lobby.write", text="Five\nminutes")
    heard = await guest.hears("lobby.message")
    assert (heard["text"], heard["from"]) == ("Five minutes", "Alice Test")
    await guest.leave()
    await host.leave()


async def test_who_comes_later_reads_it_too(layer: None, room: Room, alice: User) -> None:
    """Until the meeting is over: the next one has other words."""
    host, late, next_day = Browser(room, alice), Browser(room), Browser(room)
    session = await sync_to_async(enter)(room, alice)
    await host.arrive()
    await host.say("lobby.write", text="Five minutes", id=1)
    await host.hears("done", to=1)
    await late.arrive("Dave")
    assert (await late.hears("lobby.message"))["text"] == "Five minutes"
    await Room.objects.filter(pk=room.pk).aupdate(began_at=timezone.now())
    await sync_to_async(sessions.left)(session.pk, "", timezone.now())
    await next_day.arrive("Dave")
    await next_day.hears_none("lobby.message")
    for browser in (host, late, next_day):
        await browser.leave()


async def test_who_was_refused_does_not_ask_again_at_once(layer: None, room: Room, alice: User) -> None:
    guest = Browser(room)
    await guest.arrive("Dave")
    await sync_to_async(Visit.decide)(room, None, State.REFUSED, alice)
    await guest.leave()
    assert await guest.open() == 101
    await guest.say("hello", version=1, name="Dave")
    assert (await guest.hears("error"))["code"] == "refused"
    assert await guest.closed() == 4403


async def test_nobody_else_decides(layer: None, room: Room, charlie: User) -> None:
    """Who waits may not admit anybody, not even themselves; nor may a member."""
    guest, member = Browser(room), Browser(room, charlie)
    await sync_to_async(room.add_member)(charlie)
    mine = (await guest.arrive("Dave"))["identity"]
    await member.arrive()
    for browser in (guest, member):
        for message in ("lobby.admit", "lobby.refuse", "people.ban", "people.remove"):
            await browser.say(message, identity=mine, id=7)
            assert (await browser.hears("error", to=7))["code"] == "not_allowed"
    assert (await Visit.objects.aget()).state == State.WAITING
    await guest.leave()
    await member.leave()


async def test_the_secret_is_not_the_identity(layer: None, room: Room, alice: User) -> None:
    """What others see of a guest differs from room to room and opens nothing as a cookie."""
    guest, thief = Browser(room), Browser(room, who="x")
    shown = (await guest.arrive("Dave"))["identity"]
    other = await sync_to_async(Room.create)(alice, "Other")
    assert "dave" not in shown
    assert guests.identity("dave", other.pk) != shown
    assert guests.known({"visio_guest": shown}) is None
    assert (await Browser(room, who=shown).arrive())["identity"] != shown
    assert (await thief.arrive())["identity"] != shown
    await guest.leave()


async def test_when_the_room_opens_those_who_wait_enter(layer: None, room: Room) -> None:
    guest = Browser(room)
    await guest.arrive("Dave")
    await sync_to_async(room.change)(access_level="public")
    await guest.hears("lobby.admitted")
    await guest.leave()


async def test_a_locked_room(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Members wait too, until the host opens the room again."""
    await sync_to_async(room.add_member)(charlie)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await host.say("room.lock", locked=True)
    await host.hears("room.state", locked=True)
    welcome = await member.arrive()
    assert (welcome["inside"], welcome["locked"]) == (False, True)
    await host.say("room.lock", locked=False)
    await member.hears("lobby.admitted")
    await host.leave()
    await member.leave()


async def test_one_address_does_not_fill_the_lobby(layer: None, room: Room, alice: User, charlie: User) -> None:
    """One guest too many of an address is told to come later; who waits stays, who is signed in is not counted."""
    with override_settings(LOBBY_GUESTS_PER_ADDRESS=2):
        guests_there = [Browser(room, who=name) for name in ("one", "two")]
        for guest in guests_there:
            await guest.arrive()
        third, back, agent = Browser(room, who="three"), Browser(room, who="one"), Browser(room, charlie)
        assert await third.open() == 101
        await third.say("hello", version=1)
        error = await third.hears("error")
        assert (error["code"], "sign in" in error["message"]) == ("lobby_full", True)
        assert await third.closed() == 1013
        assert (await back.arrive())["inside"] is False
        assert (await agent.arrive())["inside"] is False
        await sync_to_async(Visit.decide)(room, None, State.ADMITTED, alice)
        assert (await Browser(room, who="three").arrive())["inside"] is False
    for browser in (*guests_there, back, agent):
        await browser.leave()


async def test_a_role_at_the_door(layer: None, room: Room, alice: User, bob: User, charlie: User) -> None:
    """Is given by those only who may for good, and takes none away."""
    await sync_to_async(room.add_member)(bob)
    await sync_to_async(room.add_member)(charlie)
    await sync_to_async(Visit.give_role)(room, bob, Role.HOST, alice)
    await Room.objects.filter(pk=room.pk).aupdate(is_locked=True)
    co_host, host, member = Browser(room, bob), Browser(room, alice), Browser(room, charlie)
    for browser in (co_host, host, member):
        await browser.arrive()
    await co_host.say("lobby.admit", identity=str(charlie.pk), role="host", id=1)
    assert "ends with this meeting" in (await co_host.hears("error", to=1))["message"]
    await host.say("lobby.admit", identity=str(charlie.pk), role="host", id=2)
    await host.hears("done", to=2)
    await member.hears("lobby.admitted")
    assert (await Member.objects.aget(user=charlie)).role == Role.MEMBER
    for browser in (co_host, host, member):
        await browser.leave()


@pytest.mark.parametrize("decision", [State.ADMITTED, State.REFUSED])
async def test_a_decision_whose_news_was_lost_is_told_at_the_next_ping(
    layer: None, room: Room, alice: User, decision: State
) -> None:
    guest = Browser(room)
    await guest.arrive("Dave")
    await sync_to_async(Visit.decide)(room, None, decision, alice)
    await guest.say("ping")
    await guest.hears(f"lobby.{decision}")
    await guest.leave()


async def test_who_is_lost_from_the_list_comes_back_into_it(layer: None, room: Room, alice: User) -> None:
    """A host lifted a ban, or the last meeting ended, while the socket stayed open."""
    host, guest = Browser(room, alice), Browser(room)
    await host.arrive()
    await host.hears("lobby.people", people=[])
    await guest.arrive("Dave")
    (person,) = (await host.hears("lobby.people"))["people"]
    await Visit.objects.all().adelete()
    await guest.say("ping")
    (again,) = (await host.hears("lobby.people"))["people"]
    assert person["asked_at"] != again["asked_at"]
    await guest.leave()
    await host.leave()


async def test_what_is_decided_while_somebody_says_hello_is_not_missed(
    layer: None, room: Room, alice: User, charlie: User
) -> None:
    """The seat was looked at, the ban comes, and only then the socket goes on."""
    await sync_to_async(room.add_member)(charlie)
    looked = seat.take

    def take(here: seat.Seat, name: str) -> tuple[seat.Seat, dict[str, Any]]:
        found = looked(here, name)
        if not room.visits.exists():
            Visit.ban(room, str(charlie.pk), [], "Charlie", alice, for_good=False)
        return found

    member = Browser(room, charlie)
    with patch.object(seat, "take", take):
        assert (await member.arrive())["inside"] is True
        assert await member.closed() == 4403
    await member.leave()


async def test_a_role_for_the_meeting_at_the_door(
    layer: None, room: Room, alice: User, bob: User, charlie: User
) -> None:
    """Also by a co-host; a guest cannot have one, and is told so instead of being let in without."""
    await sync_to_async(room.add_member)(bob)
    await sync_to_async(Visit.give_role)(room, bob, Role.HOST, alice)
    co_host, stranger, guest = Browser(room, bob), Browser(room, charlie), Browser(room)
    await co_host.arrive()
    await stranger.arrive()
    dave = (await guest.arrive("Dave"))["identity"]
    await co_host.say("lobby.admit", identity=dave, role="member", lasting=False, id=1)
    assert "guest has no role" in (await co_host.hears("error", to=1))["message"]
    await co_host.say("lobby.admit", identity=str(charlie.pk), role="host", lasting=False, id=2)
    await co_host.hears("done", to=2)
    await stranger.hears("lobby.admitted")
    await stranger.leave()
    assert (await stranger.arrive())["host"] is True
    assert not await Member.objects.filter(room=room, user=charlie).aexists()
    assert (await Visit.objects.aget(identity=dave)).state == State.WAITING
    for browser in (co_host, stranger, guest):
        await browser.leave()


async def test_who_waits_is_refused_for_the_meeting(layer: None, room: Room, alice: User) -> None:
    """So that they do not ask each minute."""
    host, guest = Browser(room, alice), Browser(room)
    await host.arrive()
    identity = (await guest.arrive("Dave"))["identity"]
    await host.say("people.ban", identity=identity, lasting=False, id=1)
    await host.hears("done", to=1)
    assert await guest.closed() == 4403
    assert [visit.name async for visit in Visit.objects.banned()] == ["Dave"]
    assert not await Visit.objects.waiting().aexists()
    await guest.leave()
    assert await guest.open() == 101
    await guest.say("hello", version=1, name="Dave")
    assert await guest.closed() == 4403
    await guest.leave()
    await host.leave()
