"""People who use a whole installation without a browser: over HTTP, on the companion socket, with LiveKit's SDK."""

from __future__ import annotations

import asyncio
import html
import json
import re
from typing import Any, Self
from urllib.parse import urljoin

import requests
from websockets.asyncio.client import ClientConnection, connect

from tests.stack import Stack

TIMEOUT_S = 20


class Visitor:
    """Cookies and a companion socket; `account` is one of the demo provider's, nobody for a guest."""

    def __init__(self, stack: Stack, account: str = "") -> None:
        self.stack = stack
        self.web = requests.Session()
        self.socket: ClientConnection | None = None
        if account:
            self._sign_in(account)

    def _sign_in(self, account: str) -> None:
        answer = self.web.get(f"{self.stack.url}/oidc/authenticate/?next=/join/", timeout=TIMEOUT_S)
        while answer.url.startswith(self.stack.provider_url):
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form, answer.text
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            choice = {**hidden, "account": account, "level": "eidas1"}
            answer = self.web.post(urljoin(answer.url, html.unescape(form[1])), choice, timeout=TIMEOUT_S)

    def create_room(self, **values: Any) -> str:
        """Make a room; give its link."""
        self.web.get(f"{self.stack.url}/rooms/new/", timeout=TIMEOUT_S)
        headers = {"X-CSRFToken": self.web.cookies["visio_csrf"], "Referer": self.stack.url}
        made = self.web.post(f"{self.stack.url}/api/v1.0/rooms/", json=values, headers=headers, timeout=TIMEOUT_S)
        assert made.status_code == 201, made.text
        slug: str = made.json()["slug"]
        return slug

    def knock(self, slug: str, name: str = "") -> dict[str, Any]:
        """Ask for a ticket; give what the room says."""
        found = self.web.get(f"{self.stack.url}/api/v1.0/rooms/{slug}/", params={"username": name}, timeout=TIMEOUT_S)
        answer: dict[str, Any] = found.json()
        return answer

    def ticket(self, slug: str, name: str = "") -> tuple[str, str]:
        """Give the signalling address and a ticket."""
        livekit = self.knock(slug, name)["livekit"]
        return livekit["url"].replace("http", "ws", 1), livekit["token"]

    # --- the companion socket ---------------------------------------------------------------------------

    async def arrive(self, slug: str, name: str = "") -> dict[str, Any]:
        """Open the companion socket and say hello; give the welcome, or the error."""
        cookie = "; ".join(f"{one.name}={one.value}" for one in self.web.cookies)
        address = f"{self.stack.ws_url}/ws/rooms/{slug}/"
        self.socket = await connect(address, additional_headers={"Cookie": cookie})
        await self.say("hello", version=1, name=name)
        return await self.hears("welcome", "error")

    async def say(self, type: str, **fields: Any) -> None:  # noqa: A002  (the protocol's word)
        """Send a message."""
        assert self.socket is not None
        await self.socket.send(json.dumps({"type": type, **fields}))

    async def hears(self, *types: str, **fields: Any) -> dict[str, Any]:
        """Give the next message of these types with these fields."""
        assert self.socket is not None
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                heard: dict[str, Any] = json.loads(await self.socket.recv())
                if heard["type"] in types and fields.items() <= heard.items():
                    return heard

    async def asks(self, type: str, **fields: Any) -> str:  # noqa: A002
        """Send a message; give `done`, or the code of the error."""
        await self.say(type, id=7, **fields)
        heard = await self.hears("done", "error", to=7)
        return str(heard.get("code", "done"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        if self.socket is not None:
            await self.socket.close()
        self.web.close()
