"""Refusing a WebSocket handshake with an HTTP answer that says why (ASGI's `websocket.http.response`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"access-control-allow-origin", b"*")]


async def deny(send: Send, status: HTTPStatus, message: str) -> None:
    """Answer the handshake with `status` and `message`."""
    await send({"type": "websocket.http.response.start", "status": status.value, "headers": HEADERS})
    await send({"type": "websocket.http.response.body", "body": message.encode()})


async def not_found(_scope: dict[str, Any], _receive: object, send: Send) -> None:
    """Refuse a socket at an address that has none: an ASGI application."""
    await deny(send, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.phrase)
