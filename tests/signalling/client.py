"""A client of the signalling sockets for tests inside one process, speaking ASGI to the real application."""

from __future__ import annotations

import base64
import gzip
from typing import Any
from urllib.parse import urlencode

from channels.testing import WebsocketCommunicator
from livekit.protocol import rtc

from suite.asgi import application

TIMEOUT_S = 8
DUAL = {"protocol": "16", "sdk": "python"}


def wrapped(join: rtc.JoinRequest, *, packed: bool = True) -> str:
    """Give the `join_request` parameter for `join`."""
    data = join.SerializeToString()
    if packed:
        inner = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=gzip.compress(data))
    else:
        inner = rtc.WrappedJoinRequest(join_request=data)
    return base64.urlsafe_b64encode(inner.SerializeToString()).decode().rstrip("=")


SINGLE = {"join_request": wrapped(rtc.JoinRequest(participant_sid="", connection_settings=rtc.ConnectionSettings()))}


class Client:
    """One socket to `/rtc`, or with `single` to `/rtc/v1`."""

    def __init__(self, token: str, *, single: bool = False, header: bool = False, **parameters: str) -> None:
        query = {**(SINGLE if single else DUAL), **parameters}
        headers = [(b"authorization", f"Bearer {token}".encode())] if header else []
        if token and not header:
            query["access_token"] = token
        path = f"/rtc{'/v1' if single else ''}?{urlencode(query)}"
        self.socket = WebsocketCommunicator(application, path, headers)

    async def connect(self) -> int:
        """Open the socket; give 101, or the status of the refusal."""
        await self.socket.send_input({"type": "websocket.connect"})
        message = await self.output()
        if message["type"] == "websocket.accept":
            return 101
        assert message["type"] == "websocket.http.response.start", message
        self.refusal = (await self.output())["body"].decode()
        return int(message["status"])

    async def output(self) -> dict[str, Any]:
        """Give the next thing that the server does with the socket."""
        message: dict[str, Any] = await self.socket.receive_output(TIMEOUT_S)
        return message

    async def response(self) -> rtc.SignalResponse:
        """Give the next frame, which must be binary."""
        message = await self.output()
        assert message["type"] == "websocket.send", message
        return rtc.SignalResponse.FromString(message["bytes"])

    async def joined(self) -> str:
        """Take the two frames that begin every conversation; give the refreshed token of the second."""
        first, second = await self.response(), await self.response()
        assert first.WhichOneof("message") in ("join", "reconnect")
        return second.refresh_token

    async def say(self, request: rtc.SignalRequest) -> None:
        """Send a request."""
        await self.send(request.SerializeToString())

    async def send(self, frame: bytes | str) -> None:
        """Send a frame of any content."""
        content = {"text": frame} if isinstance(frame, str) else {"bytes": frame}
        await self.socket.send_input({"type": "websocket.receive", **content})

    async def closed(self) -> int:
        """Take frames until the server closes; give its close code and finish the closing."""
        while (message := await self.output())["type"] != "websocket.close":
            assert message["type"] == "websocket.send", message
        await self.leave(message["code"])
        return int(message["code"])

    async def leave(self, code: int = 1000) -> None:
        """Close the socket; 1006 as if the network had broken."""
        await self.socket.send_input({"type": "websocket.disconnect", "code": code})
        await self.socket.wait(TIMEOUT_S)
