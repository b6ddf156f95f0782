"""Integrators' tokens, and clients that enter with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
from livekit import api

from tests.integration.receiver import CITY, CITY_SECRET, KEY, SECRET, VILLAGE, VILLAGE_SECRET
from tests.stack import Stack

SECRETS = {KEY: SECRET, CITY: CITY_SECRET, VILLAGE: VILLAGE_SECRET}


def token(key: str, *, identity: str = "", ttl_s: int = 60, secret: str = "", **grants: Any) -> str:
    """Give a token as `livekit-api` makes it."""
    made = api.AccessToken(key, secret or SECRETS[key]).with_grants(api.VideoGrants(**grants))
    return made.with_identity(identity).with_ttl(timedelta(seconds=ttl_s)).to_jwt()


def join_token(key: str, room: str, identity: str, **grants: Any) -> str:
    """Give a token that opens a room."""
    return token(key, identity=identity, room=room, room_join=True, **grants)


async def post(
    stack: Stack, method: str, body: bytes | dict[str, Any], bearer: str, *, kind: str = "application/json"
) -> tuple[int, Any]:
    """Call the API by hand; give status and JSON (or bytes)."""
    content: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    address = f"{stack.url}/twirp/{method if '/' in method else f'livekit.RoomService/{method}'}"
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers, **content) as answer:
        if answer.content_type == "application/json":
            return answer.status, await answer.json()
        return answer.status, await answer.read()
