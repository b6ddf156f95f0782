"""Who is put out, has left or may less by now: their socket hears no more than they may."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import User
from tests.live.meeting import Present, enter, present
from visio.live import news, seat
from visio.live.protocol import Code, MessageError
from visio.rooms.models import Room
from visio.rooms.roles import Role
from visio.rooms.visits import Visit
from visio.signalling import client, removal, sessions
from visio.signalling.models import Ended, Session


@pytest.fixture
def room(room: Room, charlie: User) -> Room:
    """Alice's room with charlie as a member."""
    room.add_member(charlie)
    return room


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let orders go nowhere."""
    monkeypatch.setattr(client, "order_now", lambda _order: None)


async def _has_looked(room: Room, *people: Present) -> None:
    """Wait until these people's sockets have looked at whatever they were told before."""
    await sync_to_async(news.say)(room.pk, {"type": "test"})
    for person in people:
        await person.hears("test")


async def test_a_removed_guest_is_at_the_door_again(layer: None, room: Room, alice: User) -> None:
    host, guest = await present(room, alice), await present(room)
    identity = (await Session.objects.aget(login=None)).identity
    await host.say("people.remove", identity=identity)
    assert await guest.closed() == 1013
    await guest.leave()
    assert not await Visit.objects.waiting().aexists(), "the closed socket waits no more"
    await host.leave()


async def test_who_is_banned_is_refused(layer: None, room: Room, alice: User, charlie: User) -> None:
    host, member = await present(room, alice), await present(room, charlie)
    await host.say("people.ban", identity=str(charlie.pk))
    assert await member.closed() == 4403
    await host.leave()
    await member.leave()


async def test_who_has_left_hears_no_chat_until_they_are_back(
    layer: None, room: Room, alice: User, charlie: User
) -> None:
    host, member = await present(room, alice), await present(room, charlie)
    session = await Session.objects.aget(identity=str(charlie.pk))
    await sync_to_async(sessions.left)(session.pk, session.channel, timezone.now())
    await _has_looked(room, member)
    await host.say("chat.send", text="They are gone", id=1)
    await host.hears("chat.line")
    await member.hears_none("chat.line")
    await member.say("chat.more", before=9, id=2)
    assert (await member.hears("error", to=2))["code"] == "not_allowed"
    back = await sync_to_async(enter)(room, charlie)
    await sync_to_async(sessions.answered)(back.pk, back.channel, timezone.now())
    assert [line["text"] for line in (await member.hears("chat.history"))["lines"]] == ["They are gone"]
    await host.leave()
    await member.leave()


async def test_who_was_put_out_hears_no_news_of_hosts(layer: None, room: Room, alice: User, bob: User) -> None:
    """A host whose role is gone, and with it the right to be there."""
    await sync_to_async(room.add_member)(bob, Role.HOST)
    host, other = await present(room, alice), await present(room, bob)
    member = await room.members.aget(user=bob)
    await sync_to_async(member.delete)()
    assert await other.closed() == 1013
    await host.leave()
    await other.leave()


async def test_everybody_is_looked_at_when_the_meeting_is_closed(layer: None, room: Room, alice: User) -> None:
    guest = await present(room)
    await sync_to_async(removal.close_for_everybody)(room)
    await guest.say("chat.more", before=9, id=1)
    await guest.hears("error", to=1)
    await guest.leave()


async def test_others_keep_their_place(layer: None, room: Room, alice: User, charlie: User) -> None:
    host, member = await present(room, alice), await present(room, charlie)
    theirs = Session.objects.filter(identity=str(charlie.pk))
    with patch.object(seat, "take", wraps=seat.take) as take:
        await sync_to_async(removal.put_out)([await theirs.aget()], Ended.REMOVED)
        await _has_looked(room, host, member)
    assert take.call_count == 1, "only the socket of who is gone was looked at"
    await host.leave()
    await member.leave()


async def test_a_look_that_is_refused_closes_the_socket(layer: None, room: Room, alice: User) -> None:
    host = await present(room, alice)
    with patch.object(seat, "take", side_effect=MessageError(Code.NOBODY)):
        await sync_to_async(news.recheck)(room.pk, [str(alice.pk)])
        assert await host.closed() == 1013
    await host.leave()
