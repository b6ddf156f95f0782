"""Lines between the media room and the companion sockets, both ways, as Django sees them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import DataError

from suite.identity.models import User
from tests.live.meeting import enter, open_session, present
from tests.signalling.worker import FakeWorker
from visio import wire
from visio.attendance.models import Gathering
from visio.live import bridge, spoken, tasks
from visio.live.models import ChatMessage
from visio.live.protocol import MessageError
from visio.rooms.models import Room
from visio.signalling import registry
from visio.signalling.models import LiveKitRoom, Session


def line(text: str = "hello", **fields: Any) -> dict[str, Any]:
    """A line as a worker tells it."""
    said = {"id": "s1", "text": text, "to": [], "reply_to": "", "edited": False, "deleted": False}
    return {**said, **fields}


@pytest.fixture
def room(room: Room, charlie: User) -> Room:
    """Alice's room with charlie as a member, whom an SDK brings in."""
    room.add_member(charlie)
    return room


async def _charlie(room: Room, charlie: User) -> Session:
    return await sync_to_async(enter)(room, charlie)


async def test_what_a_client_says_is_heard(layer: None, room: Room, alice: User, charlie: User) -> None:
    """In the name of its session; said once however often the task runs; edited, answered and taken back."""
    host, session = await present(room, alice), await _charlie(room, charlie)
    for _ in range(2):
        await sync_to_async(spoken.take)(str(session.pk), line())
    heard = await host.hears("chat.line")
    assert (heard["text"], heard["from"]["name"]) == ("hello", "Charlie Test")
    assert heard["from"]["identity"] == str(charlie.pk)
    await sync_to_async(spoken.take)(str(session.pk), line("ho", edited=True))
    assert (await host.hears("chat.line"))["id"] == heard["id"]
    await sync_to_async(spoken.take)(str(session.pk), line("yes", id="s2", reply_to="s1"))
    assert (await host.hears("chat.line"))["reply_to"] == heard["id"]
    await sync_to_async(spoken.take)(str(session.pk), line("to you", id="s3", to=[str(alice.pk)]))
    assert (await host.hears("chat.line"))["to"]["identity"] == str(alice.pk)
    await sync_to_async(spoken.take)(str(session.pk), line("", deleted=True))
    assert (await host.hears("chat.line", deleted=True))["id"] == heard["id"]
    assert await ChatMessage.objects.acount() == 3
    await host.leave()


@pytest.mark.parametrize("rights", [{"can_publish_data": False}, {"private_chat": False}])
def test_the_policy_of_the_moment_counts(room: Room, charlie: User, valkey: str, rights: dict[str, bool]) -> None:
    session = enter(room, charlie)
    Session.objects.update(grant={**session.grant, **rights})
    with pytest.raises(MessageError):
        spoken.take(str(session.pk), line(to=["somebody"]))
    assert not ChatMessage.objects.exists()


def test_rooms_of_integrators_keep_their_chat(room: Room, valkey: str) -> None:
    LiveKitRoom.objects.create(room=room, key="key", name="theirs")
    Gathering.begin(room.pk, room.created_at)
    session = open_session(room, wire.Grant("robot"))
    with pytest.raises(MessageError):
        spoken.take(str(session.pk), line())


def test_nobody_edits_for_others(room: Room, alice: User, charlie: User, valkey: str) -> None:
    sessions = [enter(room, user) for user in (alice, charlie)]
    spoken.take(str(sessions[0].pk), line())
    for change in ({"edited": True}, {"deleted": True}):
        with pytest.raises(MessageError):
            spoken.take(str(sessions[1].pk), line("mine", **change))
    assert ChatMessage.objects.get().text == "hello"


def test_lines_keep_their_order(room: Room, charlie: User, empty_cache: None) -> None:
    """One that comes too early waits for those before it; one that never comes is not waited for for ever."""
    session = enter(room, charlie)
    tasks.line_spoken.apply(("w", 1, str(session.pk), line("one", id="a")))
    assert (bridge.is_next("w", 2), bridge.is_next("w", 3)) == (True, False)
    tasks.line_spoken.apply(("w", 2, str(session.pk), line("two", id="b")))
    tasks.line_spoken.apply(("w", 3, str(session.pk), line("three", id="c")))
    tasks.line_spoken.apply(("w", 9, str(session.pk), line("nine", id="i")), retries=tasks.PATIENCE)
    assert [m.text for m in ChatMessage.objects.order_by("first")] == ["one", "two", "three", "nine"]


@pytest.mark.parametrize("error", [DataError, ValueError])
def test_a_line_that_cannot_be_kept_holds_nobody_up(
    empty_cache: None, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def take(*_: object) -> None:
        raise error

    monkeypatch.setattr(spoken, "take", take)
    assert tasks.line_spoken.apply(("w", 1, "session", line("\ud800"))).successful()
    assert bridge.is_next("w", 2)


async def test_what_is_said_here_is_ordered_there(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """The worker that has the room is told the line, its change and its end, with one id; never what it told us."""
    host, session = await present(room, alice), await _charlie(room, charlie)
    async with registry.valkey() as connection:
        await connection.set(wire.room_key(worker.prefix, str(room.pk)), worker.name)
    await host.say("chat.send", text="Good morning")
    said: wire.Chat = await worker.next(wire.Chat)
    assert (said.identity, said.text, said.to, said.edited) == (str(alice.pk), "Good morning", (), False)
    await host.say("chat.edit", line=said.id, text="Good evening")
    edited: wire.Chat = await worker.next(wire.Chat)
    assert dataclasses.replace(edited, text=said.text, edited=False) == said
    await sync_to_async(spoken.take)(str(session.pk), line())
    theirs = await host.hears("chat.line", text="hello")
    await host.say("chat.delete", line=theirs["id"])
    deleted: wire.Chat = await worker.next(wire.Chat)
    assert (deleted.id, deleted.identity, deleted.deleted) == ("s1", str(charlie.pk), True)
    await host.leave()


def test_a_private_line_is_changed_by_those_who_may_write_privately(
    room: Room, alice: User, charlie: User, valkey: str
) -> None:
    session = enter(room, charlie)
    enter(room, alice)
    spoken.take(str(session.pk), line("between us", to=[str(alice.pk)]))
    Session.objects.filter(pk=session.pk).update(grant={**session.grant, "private_chat": False})
    with pytest.raises(MessageError):
        spoken.take(str(session.pk), line("changed", edited=True))
    assert ChatMessage.objects.get().text == "between us"
