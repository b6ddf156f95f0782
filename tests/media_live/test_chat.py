"""A guest on the companion socket and somebody with LiveKit's SDK talk in the same chat."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from typing import Any

import pytest
from livekit import rtc
from websockets.asyncio.client import ClientConnection, connect

from tests.media_live.people import Person, until
from tests.stack import Stack

pytestmark = pytest.mark.live
MAKE = "from visio.rooms.models import Room; Room(slug='{}', name='Chat', access_level='public').save()"


def knock(stack: Stack, slug: str) -> tuple[dict[str, str], str]:
    """Come as a guest; give the ticket and the cookie."""
    address = f"{stack.url}/api/v1.0/rooms/{slug}/?username=Dave"
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  (http on this machine)
        return json.load(answer)["livekit"], answer.headers["set-cookie"].partition(";")[0]


async def heard(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Give the next message of a kind."""
    async with asyncio.timeout(30):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def test_one_chat(stack: Stack, slug: str) -> None:
    """Both ways, in order, in the true name, private where one reader is meant, and nothing twice."""
    await asyncio.to_thread(stack.manage, "shell", "-c", MAKE.format(slug))
    dave, bob = Person("dave", single=True), Person("bob", single=True)
    lines: dict[str, list[tuple[str, str]]] = {"dave": [], "bob": []}

    def listen(person: Person) -> None:
        def take(reader: rtc.TextStreamReader, who: str) -> None:
            async def read() -> None:
                lines[person.name].append((who, await reader.read_all()))

            person.do(read())

        person.room.register_text_stream_handler("lk.chat", take)

    listen(bob)
    listen(dave)
    ticket, cookie = await asyncio.to_thread(knock, stack, slug)
    await dave.connect(ticket["url"], ticket["token"])
    await bob.enter(stack, slug)
    me = dave.room.local_participant.identity
    address = f"{stack.ws_url}/ws/rooms/{slug}/"
    async with connect(address, additional_headers={"cookie": cookie}) as socket:
        await socket.send(json.dumps({"type": "hello", "version": 1, "name": "Dave"}))
        await heard(socket, "chat.history")
        await until(lambda: me in bob.others(), "bob knows dave")
        await socket.send(json.dumps({"type": "chat.send", "text": "Good morning, bob 👋"}))
        await until(lambda: lines["bob"], "bob has the line")
        for number in range(5):
            await bob.room.local_participant.send_text(f"line {number} " + "é" * 500, topic="lk.chat")
        await bob.room.local_participant.send_text("only you", topic="lk.chat", destination_identities=[me])
        came = [await heard(socket, "chat.line") for _ in range(7)]
    assert [line["text"][:6] for line in came] == ["Good m", *(f"line {n}" for n in range(5)), "only y"]
    assert {line["from"]["identity"] for line in came[1:]} == {"bob"}
    assert (came[1]["from"]["name"], came[1]["to"], came[6]["to"]["identity"]) == ("Bob", None, me)
    assert lines["bob"] == [(me, "Good morning, bob 👋")]
    assert len(lines["dave"]) == 6
    await asyncio.gather(dave.leave(), bob.leave())
