"""What clients say in a room of 200 is larger than elsewhere: it gets through the real web process to a real worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from google.protobuf import json_format
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect

from tests import chromium
from tests.media_live.people import ticket
from tests.signalling.client import wrapped
from tests.stack import Stack
from visio import wire

pytestmark = pytest.mark.live

DEADLINE_S = 20
JOIN = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
MOST = (200, 150)
"""Sounds and pictures."""


@asynccontextmanager
async def _socket(stack: Stack, token: str, join: rtc.JoinRequest) -> AsyncIterator[ClientConnection]:
    url = f"{stack.ws_url}/rtc/v1?access_token={token}&join_request={wrapped(join)}"
    async with connect(url, max_size=None) as socket:
        yield socket


async def _say(socket: ClientConnection, *, textual: bool = False, **message: Any) -> int:
    """Send a request; give its size."""
    request = rtc.SignalRequest(**message)
    frame = json_format.MessageToJson(request, indent=None) if textual else request.SerializeToString()
    await socket.send(frame)
    return len(frame)


async def _response(socket: ClientConnection, case: str) -> Any:
    """Give the next message of one case."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            frame = await socket.recv()
            response = rtc.SignalResponse.FromString(frame) if isinstance(frame, bytes) else _parsed(frame)
            if response.WhichOneof("message") == case:
                return getattr(response, case)


def _parsed(text: str) -> rtc.SignalResponse:
    return json_format.Parse(text, rtc.SignalResponse())


async def test_the_offer_of_somebody_among_200_is_answered(stack: Stack, slug: str) -> None:
    _, token = await ticket(stack, slug, "alice")
    offer = rtc.SessionDescription(type="offer", sdp=chromium.offer(*MOST), id=1)
    async with _socket(stack, token, JOIN) as socket:
        await _response(socket, "join")
        for textual in (False, True):
            assert 256 * 1024 < await _say(socket, textual=textual, offer=offer) < wire.FRAME_MAX_BYTES
            answer = await _response(socket, "answer")
            assert answer.sdp.count("m=") == sum(MOST) + 1


async def test_somebody_among_200_resumes(stack: Stack, slug: str) -> None:
    _, token = await ticket(stack, slug, "alice")
    offer = rtc.SessionDescription(type="offer", sdp=chromium.offer(*MOST), id=1)
    async with _socket(stack, token, JOIN) as socket:
        sid = (await _response(socket, "join")).participant.sid
        fresh = await _response(socket, "refresh_token")
        await _say(socket, offer=offer)
        answer = await _response(socket, "answer")
    state = rtc.SyncState(offer=offer, answer=answer)
    async with _socket(stack, fresh, rtc.JoinRequest(reconnect=True, participant_sid=sid)) as socket:
        await _response(socket, "reconnect")
        assert await _say(socket, sync_state=state) < wire.FRAME_MAX_BYTES
        await _say(socket, offer=offer)
        assert (await _response(socket, "answer")).sdp.count("m=") == sum(MOST) + 1
