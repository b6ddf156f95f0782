"""How every socket of a room's page begins and ends, whatever is said on it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, parse_cookie

from visio.live.protocol import Close
from visio.signalling.admission import OURS
from visio.signalling.denial import deny

logger = logging.getLogger("visio.live")
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]


def headers_of(scope: Message) -> dict[str, str]:
    """Give the headers of a connection, by their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def request_of(headers: Mapping[str, str], peer: str) -> HttpRequest:
    """Give the handshake as what Django and the throttles read: cookies, headers and the address."""
    request = HttpRequest()
    request.COOKIES = parse_cookie(headers.get("cookie", ""))
    request.META = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    request.META["REMOTE_ADDR"] = peer
    return request


async def guard(headers: dict[str, str], send: Send, life: Callable[[], Awaitable[None]]) -> None:
    """Live a socket's `life` if one of our pages opened it; close it when a part of the service is away."""
    if not _is_ours(headers):
        await deny(send, HTTPStatus.FORBIDDEN, "this page is not one of ours")
        return
    try:
        await life()
    except OURS as error:
        logger.warning("a part of the service is away: %s", type(error).__name__)
        await send({"type": "websocket.close", "code": Close.TRY_AGAIN})


def _is_ours(headers: dict[str, str]) -> bool:
    """Say whether the socket was opened by one of our pages: cookies come along from any page of the web."""
    origin = headers.get("origin", "")
    return not origin or origin == settings.PUBLIC_URL or urlsplit(origin).netloc == headers.get("host")
