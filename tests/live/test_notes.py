"""Shared notes: Yjs over a socket of their own, kept, bounded, and for those in the meeting only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import OperationalError
from django.test import Client as WebClient
from django.urls import reverse
from pycrdt import Doc, Text

from suite.asgi import application
from suite.identity.models import User
from suite.lib.texts import odt_of
from tests.identity.people import sign_in
from tests.live.browser import TIMEOUT_S, Browser
from tests.live.test_attendance import enter
from tests.signalling.worker import FakeWorker
from visio.attendance.models import Gathering
from visio.live import notes_protocol
from visio.live.models import Notes, NotesUpdate
from visio.live.models import notes as kept
from visio.live.notes_protocol import Step
from visio.live.shared_notes import SharedNotes
from visio.rooms.models import Room


class Writer(Browser):
    """A browser with the notes open, and its own document."""

    async def open(self) -> int:
        """Open the notes' socket; give 101 or the status of the refusal."""
        cookie = await sync_to_async(self._cookie)()
        headers = [(b"cookie", cookie.encode("latin-1"))]
        self.socket = WebsocketCommunicator(application, f"/ws/rooms/{self.room.slug}/notes/", headers)
        self.document: Doc[Any] = Doc()
        self.text = self.document.get("notes", type=Text)
        self.says: list[dict[str, Any]] = []
        await self.socket.send_input({"type": "websocket.connect"})
        message = await self.output()
        if message["type"] != "websocket.accept":
            return int(message["status"])
        await self.frame(Step.STATE, self.document.get_state())
        return 101

    async def frame(self, step: Step, content: bytes) -> None:
        """Send a message of Yjs's protocol."""
        await self.send(notes_protocol.write(step, content))

    async def write(self, text: str, at: int = 0) -> None:
        """Write at a place and send what has changed."""
        before = self.document.get_state()
        self.text.insert(at, text)
        await self.frame(Step.UPDATE, self.document.get_update(before))

    async def erase(self, length: int) -> None:
        """Take out what stands first, then bring both documents together: the server asks for what it lacks."""
        del self.text[:length]
        await self.frame(Step.STATE, self.document.get_state())
        async with asyncio.timeout(TIMEOUT_S):
            while (message := await self.output()).get("bytes", b"")[:2] != bytes((0, Step.STATE)):
                pass
        server = notes_protocol.read(message["bytes"]).content
        await self.frame(Step.MISSING, self.document.get_update(server))

    async def take(self) -> None:
        """Take one thing that the server says."""
        message = await self.output()
        assert message["type"] == "websocket.send", message
        if message.get("text"):
            self.says.append(json.loads(message["text"]))
            return
        frame = notes_protocol.read(message["bytes"])
        if frame.step is not Step.STATE:
            self.document.apply_update(frame.content)

    async def reads(self, text: str) -> None:
        """Wait until this is what stands in the notes."""
        async with asyncio.timeout(TIMEOUT_S):
            while str(self.text) != text:
                await self.take()

    async def is_told(self, type: str) -> dict[str, Any]:  # noqa: A002
        """Wait for a text message of that type."""
        async with asyncio.timeout(TIMEOUT_S):
            while not (found := [one for one in self.says if one["type"] == type]):
                await self.take()
        return found[0]


@pytest_asyncio.fixture
async def inside(worker: FakeWorker, room: Room, alice: User, charlie: User) -> AsyncIterator[None]:
    """Alice and charlie, a member, are in the meeting."""
    await sync_to_async(room.add_member)(charlie)
    clients = [(await enter(worker, room, user))[0] for user in (alice, charlie)]
    yield
    for client in clients:
        await client.leave()


@pytest.mark.usefixtures("inside")
async def test_it_works(room: Room, alice: User, charlie: User) -> None:
    """Two write, both have the same; who comes later, after a restart too, has all of it; hosts take it home."""
    one, two = Writer(room, alice), Writer(room, charlie)
    assert [await one.open(), await two.open()] == [101, 101]
    assert (await two.is_told("welcome"))["writable"]
    await one.write("# Budget\n- café 😀\n")
    await two.reads("# Budget\n- café 😀\n")
    assert (await two.is_told("writing"))["name"] == str(alice)
    await two.write("!", at=0)
    await one.reads("!# Budget\n- café 😀\n")
    for each in (one, two):
        await each.leave()
    SharedNotes._known.clear()  # as after a restart
    late = Writer(room, charlie)
    await late.open()
    await late.reads("!# Budget\n- café 😀\n")
    await late.leave()
    gathering = await Gathering.objects.aget()

    def fetch(user: User, kind: str) -> tuple[int, bytes]:
        web = WebClient()
        sign_in(web, user)
        answer = web.get(reverse("notes", args=[room.slug, gathering.pk, kind]))
        return answer.status_code, answer.content

    assert await sync_to_async(fetch)(alice, "md") == (200, "!# Budget\n- café 😀\n".encode())
    assert (await sync_to_async(fetch)(alice, "odt"))[1].startswith(b"PK")
    assert (await sync_to_async(fetch)(charlie, "md"))[0] == 404


@pytest.mark.usefixtures("inside")
async def test_another_process_and_packing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process has kept is read from the database, packed or not."""
    monkeypatch.setattr(kept, "PACK_AFTER", 3)
    gathering = (await Gathering.objects.aget()).pk
    mine, other = SharedNotes(gathering), SharedNotes(gathering)
    for letter in "abcdef":
        before = mine.document.get_state()
        text = mine.document.get("notes", type=Text)
        text += letter
        await sync_to_async(Notes.add)(gathering, mine.document.get_update(before))
        other.take(await sync_to_async(other.unseen)())
        assert str(other.document.get("notes", type=Text)) == str(text)
    assert await NotesUpdate.objects.acount() <= 3
    assert await sync_to_async((await Notes.objects.aget()).text)() == "abcdef"


@pytest.mark.usefixtures("inside")
async def test_who_may_not_write_reads(room: Room, alice: User, charlie: User) -> None:
    await sync_to_async(room.change)(terms={"notes": "hosts"})
    host, member = Writer(room, alice), Writer(room, charlie)
    await host.open()
    await member.open()
    assert not (await member.is_told("welcome"))["writable"]
    await host.write("Read only")
    await member.reads("Read only")
    await member.write("no")
    assert (await member.is_told("error"))["code"] == "not_allowed"
    assert await sync_to_async((await Notes.objects.aget()).text)() == "Read only"
    for each in (host, member):
        await each.leave()


async def test_strangers_and_onlookers_stay_out(
    worker: FakeWorker, room: Room, alice: User, charlie: User, bob: User
) -> None:
    client, _order = await enter(worker, room, alice)
    await sync_to_async(room.add_member)(bob)
    assert [await Writer(room, who).open() for who in (charlie, bob, None)] == [403, 403, 403]
    assert not await room.visits.aexists()
    await client.leave()


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 1002),
        (b"\x01\x02\x00\x00", 1002),
        (b"\x00\x02\x08\xcb\x86\xe1\x11\xf9\x2f\xa9\x89", 1002),  # it kept the library busy for a second
        ("text", 1002),
        (notes_protocol.write(Step.STATE, b"\xa0\x8d\x06" + b"\x00" * 200_000), 1002),
        (b"\x00" * (notes_protocol.FRAME_MAX_BYTES + 1), 1009),
    ],
)
async def test_hostile_frames(room: Room, alice: User, data: bytes | str, code: int) -> None:
    writer = Writer(room, alice)
    await writer.open()
    await writer.send(data)
    assert await writer.closed() == code


@pytest.mark.usefixtures("inside")
async def test_bytes_are_held_back(room: Room, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes_protocol, "BYTES_BURST", 2000)
    monkeypatch.setattr(notes_protocol, "BYTES_PER_S", 1)
    writer = Writer(room, alice)
    await writer.open()
    for _ in range(2):
        await writer.write("x" * 1500)
    assert await writer.closed() == 1008


@pytest.mark.usefixtures("inside")
async def test_what_a_reader_writes_is_not_even_read(room: Room, charlie: User) -> None:
    await sync_to_async(room.change)(terms={"notes": "hosts"})
    reader = Writer(room, charlie)
    await reader.open()
    await reader.send(b"\x00\x02\x08\xcb\x86\xe1\x11\xf9\x2f\xa9\x89")
    assert (await reader.is_told("error"))["code"] == "not_allowed"
    await reader.leave()


@pytest.mark.usefixtures("inside")
async def test_the_document_does_not_grow_without_end(room: Room, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "DOCUMENT_MAX_BYTES", 2000)
    writer = Writer(room, alice)
    await writer.open()
    await writer.write("x" * 1500)
    await writer.write("y" * 1500)
    assert (await writer.is_told("error"))["code"] == "full"
    assert await sync_to_async((await Notes.objects.aget()).text)() == "x" * 1500
    writer.says.clear()
    await writer.erase(2000)
    assert (await writer.is_told("welcome"))["writable"]
    await writer.write("z" * 100)
    reader = Writer(room, alice)
    await reader.open()
    await reader.reads("z" * 100 + "x" * 1000)
    for each in (writer, reader):
        await each.leave()


def test_odt_holds_any_text() -> None:
    assert odt_of("# One\n\x00\x0btext\n- a\n- b\n####### seven\n").startswith(b"PK")


@pytest.mark.usefixtures("inside")
async def test_a_database_that_is_away_closes_the_socket(room: Room, alice: User) -> None:
    """The browser comes back; a socket that nobody looks at any more does not stay open."""
    with patch("visio.live.notes_socket.RECHECK_S", 0.5):
        writer = Writer(room, alice)
        await writer.open()
        await writer.is_told("welcome")
        with patch("visio.live.notes_socket.seat.in_meeting", side_effect=OperationalError):
            assert await writer.closed() == 1013
    await writer.leave()
