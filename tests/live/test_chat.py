"""The chat on the companion socket: said, answered, changed, taken back, private, refused; nothing missed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.meeting import enter, present
from visio.live import chat, news
from visio.live.models import ChatMessage
from visio.live.reading import Reading
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role


@pytest.fixture
def room(room: Room, charlie: User) -> Room:
    """Alice's room with charlie as a member."""
    room.add_member(charlie)
    return room


async def _said(browser: Browser, text: str) -> dict[str, Any]:
    return await browser.hears("chat.line", text=text)


async def test_it_works(layer: None, room: Room, alice: User, charlie: User) -> None:
    """A line reaches everybody, stamped with who said it; who comes later finds it."""
    host, member = await present(room, alice), await present(room, charlie)
    assert member.lines == []
    await host.say("chat.send", text="  Good morning \u202e\u0007all\n\nsee https://visio.example/ ", key="k1", id=4)
    heard = await member.hears("chat.line")
    assert heard["text"] == "Good morning all\n\nsee https://visio.example/"
    assert heard["from"]["identity"] == str(alice.pk)
    assert heard["from"]["name"] == "Alice Test"
    assert heard["from"]["card"]["organization"] == "Ministry of Tests"
    assert (heard["to"], heard["edited"], heard["deleted"]) == (None, False, False)
    await host.hears("done", to=4)
    guest = await present(room)
    assert guest.lines == [heard]
    for browser in (host, member, guest):
        await browser.leave()


async def test_saying_it_twice_says_it_once(layer: None, room: Room, alice: User) -> None:
    """A browser that does not know whether its line arrived sends it again."""
    host = await present(room, alice)
    for number in (1, 2):
        await host.say("chat.send", text="Hello", key="k1", id=number)
        await host.hears("done", to=number)
    assert await ChatMessage.objects.acount() == 1
    await host.leave()


async def test_reply_edit_and_delete(layer: None, room: Room, alice: User, charlie: User) -> None:
    host, member = await present(room, alice), await present(room, charlie)
    await member.say("chat.send", text="Is it at nine?")
    question = await _said(host, "Is it at nine?")
    await host.say("chat.send", text="At ten", reply_to=question["id"])
    answer = await _said(member, "At ten")
    assert answer["reply_to"] == question["id"]
    await member.say("chat.edit", line=question["id"], text="Is it at eight?")
    edited = await _said(host, "Is it at eight?")
    assert (edited["id"], edited["edited"], edited["first"]) == (question["id"], True, question["first"])
    assert edited["seq"] > answer["seq"]
    await member.say("chat.delete", line=answer["id"], id=8)
    assert (await member.hears("error", to=8))["code"] == "not_allowed"
    await member.say("chat.edit", line=answer["id"], text="At six", id=9)
    assert (await member.hears("error", to=9))["code"] == "not_allowed"
    await host.say("chat.delete", line=question["id"])
    gone = await member.hears("chat.line", deleted=True)
    assert (gone["id"], gone["text"]) == (question["id"], "")
    assert not await ChatMessage.objects.filter(text__contains="eight").aexists()
    await host.say("chat.edit", line=question["id"], text="Back", id=10)
    assert (await host.hears("error", to=10))["code"] == "gone"
    await host.leave()
    await member.leave()


async def test_private_lines(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Two people read them; a third, even a host, neither hears nor finds them."""
    host, member, guest = await present(room, alice), await present(room, charlie), await present(room)
    await member.say("chat.send", text="Between us", to=(await _identity(guest)))
    private = await _said(guest, "Between us")
    assert private["to"]["name"] == "Dave"
    await member.say("chat.send", text="For all")
    assert (await host.hears("chat.line"))["text"] == "For all"
    await host.say("chat.delete", line=private["id"], id=3)
    assert (await host.hears("error", to=3))["code"] == "gone"
    await guest.leave()
    await guest.arrive("Dave")
    assert [line["text"] for line in (await guest.hears("chat.history"))["lines"]] == ["Between us", "For all"]
    await host.leave()
    await host.arrive()
    assert [line["text"] for line in (await host.hears("chat.history"))["lines"]] == ["For all"]
    for browser in (host, member, guest):
        await browser.leave()


async def _identity(browser: Browser) -> str:
    """Give the identity that others see of the only guest."""
    return (await browser.room.sessions.aget(login=None)).identity


async def test_who_comes_back_gets_what_they_missed(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Exactly that, each line in its newest state; who was away for too long, or read nothing, starts over."""
    host, member = await present(room, alice), await present(room, charlie)
    for text in ("one", "two"):
        await host.say("chat.send", text=text)
    read = [await _said(member, text) for text in ("one", "two")]
    await member.leave()
    await host.say("chat.send", text="three")
    three = await _said(host, "three")
    await host.say("chat.send", text="four")
    await host.say("chat.edit", line=three["id"], text="3")
    await host.say("chat.edit", line=read[0]["id"], text="1", id=1)
    await host.hears("done", to=1)
    await member.open()
    await member.say("hello", version=1, since=read[1]["seq"])
    missed = [await member.hears("chat.line") for _ in range(3)]
    assert [line["text"] for line in missed] == ["four", "3", "1"]
    assert sorted(line["seq"] for line in missed) == [line["seq"] for line in missed]
    await member.leave()
    for since in (0, 10_000):
        await member.open()
        await member.say("hello", version=1, since=since)
        whole = await member.hears("chat.history")
        assert [line["text"] for line in whole["lines"]] == ["1", "two", "3", "four"]
        assert whole["seq"] == missed[-1]["seq"]
        await member.leave()
    await host.leave()


async def test_what_the_channel_layer_loses_is_read_anew(layer: None, room: Room, alice: User, charlie: User) -> None:
    """A number that never comes is noticed with the next one, and comes before it."""
    host, member = await present(room, alice), await present(room, charlie)
    await host.say("chat.send", text="first")
    session = await room.sessions.select_related("room").aget(identity=str(alice.pk))
    await _said(member, "first")
    with patch.object(news, "record"):
        await sync_to_async(chat.say)(session, chat.Draft("lost"))
    await host.say("chat.send", text="heard")
    assert [(await member.hears("chat.line"))["text"] for _ in range(2)] == ["lost", "heard"]
    await host.leave()
    await member.leave()


async def test_long_histories_come_in_pages(layer: None, room: Room, alice: User) -> None:
    host = await present(room, alice)
    session = await room.sessions.select_related("room").aget()
    with patch.object(chat, "OFTEN_MAX", 1000):
        for number in range(60):
            await sync_to_async(chat.say)(session, chat.Draft(str(number)))
    await host.leave()
    await host.arrive()
    newest = await host.hears("chat.history")
    assert (newest["more"], [line["text"] for line in newest["lines"]]) == (True, [str(n) for n in range(10, 60)])
    await host.say("chat.more", before=newest["lines"][0]["first"], id=2)
    older = await host.hears("chat.page")
    assert (older["more"], [line["text"] for line in older["lines"]]) == (False, [str(n) for n in range(10)])
    await host.leave()


async def test_mentions(layer: None, room: Room, alice: User, charlie: User) -> None:
    """A name after an @ becomes the identity of whoever is inside under it."""
    host, member = await present(room, alice), await present(room, charlie)
    await host.say("chat.send", text="What do you think, @charlie test, and @Nobody?")
    assert (await member.hears("chat.line"))["mentions"] == [str(charlie.pk)]
    await host.leave()
    await member.leave()


async def test_too_fast(layer: None, room: Room, alice: User) -> None:
    host = await present(room, alice)
    with patch.object(chat, "OFTEN", timedelta(hours=1)):
        for number in range(chat.OFTEN_MAX + 1):
            await host.say("chat.send", text=str(number), id=number)
        assert (await host.hears("error"))["code"] == "slow_down"
    await host.say("ping", id=99)
    await host.hears("pong", to=99)
    await host.leave()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " \n "}, "malformed"),
        ({"text": "x", "reply_to": "nonsense"}, "malformed"),
        ({"text": "x", "reply_to": "00000000-0000-4000-8000-000000000000"}, "gone"),
        ({"text": "x", "to": "stranger"}, "nobody"),
    ],
)
async def test_what_is_refused(layer: None, room: Room, alice: User, fields: dict[str, Any], code: str) -> None:
    host = await present(room, alice)
    await host.say("chat.send", **fields, id=5)
    assert (await host.hears("error", to=5))["code"] == code
    assert not await ChatMessage.objects.aexists()
    await host.leave()


async def test_the_policy_decides_who_writes(layer: None, room: Room, alice: User, charlie: User) -> None:
    """At once for those who are there: told, refused with the rule, and open again for hosts only."""
    host, member = await present(room, alice), await present(room, charlie)
    await sync_to_async(room.change)(terms={"chat": "hosts", "private_chat": "nobody"})
    denied = (await member.hears("room.rights"))["denied"]
    while "chat" not in denied:
        denied = (await member.hears("room.rights"))["denied"]
    assert "You cannot write in the chat here." in denied["chat"]
    assert {"chat_privately", "send_files"} <= denied.keys()
    await member.say("chat.send", text="May I?", id=1)
    assert "You cannot write in the chat here." in (await member.hears("error", to=1))["message"]
    await host.say("chat.send", text="Only to you", to=str(charlie.pk), id=2)
    assert "one person only" in (await host.hears("error", to=2))["message"]
    await host.say("chat.send", text="For all")
    assert (await member.hears("chat.line"))["text"] == "For all"
    await host.leave()
    await member.leave()


async def test_nobody_reads_along_unseen(layer: None, room: Room, alice: User, charlie: User) -> None:
    """Who may enter but is not in the media room, where the others see them, neither reads nor writes."""
    host, lurker = await present(room, alice), Browser(room, charlie)
    await lurker.arrive()
    await host.say("chat.send", text="Are we alone?", id=1)
    await host.hears("done", to=1)
    await lurker.say("chat.send", text="No", id=2)
    assert (await lurker.hears("error", to=2))["code"] == "not_allowed"
    await lurker.say("chat.more", before=99, id=2)
    assert (await lurker.hears("error", to=2))["code"] == "not_allowed"
    await lurker.say("ping", id=3)
    assert json.loads((await lurker.output())["text"]) == {"type": "pong", "to": 3}
    await sync_to_async(enter)(room, charlie)
    await lurker.leave()
    await lurker.arrive()
    assert len((await lurker.hears("chat.history"))["lines"]) == 1
    await host.leave()
    await lurker.leave()


def test_a_reading_has_no_holes_and_nothing_twice() -> None:
    """Whatever the order in which numbers come."""
    reading = Reading(2)
    assert reading.take({"seq": 2}) == []
    assert reading.take({"seq": 4}) == []
    assert reading.has_hole
    assert [one["seq"] for one in reading.take({"seq": 3})] == [3, 4]
    assert not reading.has_hole
    assert reading.take({"seq": 7}) == []
    reading.jump(7)
    assert (reading.head, reading.has_hole) == (7, False)


async def test_a_private_line_is_not_changed_once_that_is_forbidden(
    layer: None, room: Room, alice: User, charlie: User
) -> None:
    host, member = await present(room, alice), await present(room, charlie)
    await member.say("chat.send", text="Between us", to=str(alice.pk))
    private = await _said(host, "Between us")
    await sync_to_async(room.change)(terms={"private_chat": "hosts"})
    await member.say("chat.edit", line=private["id"], text="Changed", id=1)
    assert (await member.hears("error", to=1))["code"] == "not_allowed"
    assert (await ChatMessage.objects.aget()).text == "Between us"
    await host.leave()
    await member.leave()


async def test_who_was_host_takes_nothing_back(layer: None, room: Room, alice: User, bob: User) -> None:
    """Also on a socket that has not heard that its role is another one."""
    await sync_to_async(room.add_member)(bob, Role.HOST)
    owner, former = await present(room, alice), await present(room, bob)
    await owner.say("chat.send", text="mine")
    line = (await former.hears("chat.line"))["id"]
    await Member.objects.filter(user=bob).aupdate(role=Role.MEMBER)
    await former.say("chat.delete", line=line, id=1)
    assert (await former.hears("error", to=1))["code"] == "not_allowed"
    for person in (owner, former):
        await person.leave()
