"""A browser's companion socket for tests inside one process, speaking ASGI to the real application."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.core.signing import Signer
from django.test import Client

from suite.asgi import application
from suite.identity.models import User
from tests.identity.people import sign_in
from visio.rooms import guests
from visio.rooms.models import Room

TIMEOUT_S = 8


class Browser:
    """One browser: of `user`, or of the guest whose secret is `who`."""

    def __init__(
        self, room: Room, user: User | None = None, who: str = "dave", *, language: str = "en", **headers: str
    ) -> None:
        self.room, self.user, self.who = room, user, who
        self.headers = {"accept-language": language, **headers}

    async def open(self) -> int:
        """Open the socket; give 101 or the status of the refusal."""
        cookie = await sync_to_async(self._cookie)()
        headers = {"cookie": cookie, **self.headers}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        self.socket = WebsocketCommunicator(application, f"/ws/rooms/{self.room.slug}/", raw)
        await self.socket.send_input({"type": "websocket.connect"})
        message = await self.output()
        return 101 if message["type"] == "websocket.accept" else int(message["status"])

    def _cookie(self) -> str:
        if self.user is None:
            return f"{settings.GUEST_COOKIE_NAME}={Signer(salt=guests.SIGNER).sign(self.who)}"
        client = Client()
        self.login = sign_in(client, self.user)
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def arrive(self, name: str = "") -> dict[str, Any]:
        """Open the socket and say hello; give the welcome."""
        assert await self.open() == 101
        await self.say("hello", version=1, name=name)
        return await self.hears("welcome")

    async def output(self) -> dict[str, Any]:
        """Give the next thing that the server does with the socket."""
        message: dict[str, Any] = await self.socket.receive_output(TIMEOUT_S)
        return message

    async def say(self, type: str, **fields: Any) -> None:  # noqa: A002
        """Send a message."""
        await self.send(json.dumps({"type": type, **fields}))

    async def send(self, text: str | bytes) -> None:
        """Send a frame of any content."""
        content = {"text": text} if isinstance(text, str) else {"bytes": text}
        await self.socket.send_input({"type": "websocket.receive", **content})

    async def hears(self, type: str, **fields: Any) -> dict[str, Any]:  # noqa: A002
        """Give the next message of that type with these fields; others before it are let pass."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                message = await self.output()
                assert message["type"] == "websocket.send", message
                heard: dict[str, Any] = json.loads(message["text"])
                if heard["type"] == type and fields.items() <= heard.items():
                    return heard

    async def hears_each(self, *types: str) -> dict[str, dict[str, Any]]:
        """Give the next message of each of these types, in whatever order they come."""
        found: dict[str, dict[str, Any]] = {}
        async with asyncio.timeout(TIMEOUT_S):
            while found.keys() != set(types):
                heard = json.loads((await self.output())["text"])
                if heard["type"] in types:
                    found.setdefault(heard["type"], heard)
        return found

    async def hears_none(self, type: str) -> None:  # noqa: A002
        """Check that nothing of that type has been said before the answer to a ping."""
        await self.say("ping", id=999)
        async with asyncio.timeout(TIMEOUT_S):
            while (heard := json.loads((await self.output())["text"]))["type"] != "pong":
                assert heard["type"] != type

    async def closed(self) -> int:
        """Take messages until the server closes; give the code."""
        async with asyncio.timeout(TIMEOUT_S):
            while (message := await self.output())["type"] != "websocket.close":
                pass
        return int(message["code"])

    async def leave(self) -> None:
        """Close the socket."""
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(TIMEOUT_S)
