"""The sockets of the real web process: statuses, sizes, logs, and what it does while Valkey or the database is away."""

from __future__ import annotations

import asyncio
import base64
import gzip
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import jwt
import pytest
import pytest_asyncio
from django.test import override_settings
from django.utils import timezone
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tests.outages import database_away
from tests.signalling.client import DUAL, SINGLE
from tests.signalling.worker import FakeWorker
from tests.stack import Stack
from visio import wire
from visio.rooms import tickets
from visio.wire import Grant

pytestmark = pytest.mark.live
SECRET = secrets.token_urlsafe(48)
PING = rtc.SignalRequest(ping=1).SerializeToString()


class Place:
    """An installation without media workers, a room in it, and tickets to it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        _, first = stack.ticket("abc-defg-hij", "probe")
        self.room = jwt.decode(first, options={"verify_signature": False})["video"]["room"]
        self.given = [first]

    def ticket(self) -> str:
        """Give a fresh ticket, as the installation's own command does."""
        with override_settings(LIVEKIT_API_SECRET=SECRET):
            grant = Grant(f"probe-{secrets.token_hex(4)}")
            token = tickets.issue(self.room, grant, login=None, via=tickets.Via.COMMAND, now=timezone.now())
        self.given.append(token)
        return token

    def url(self, token: str, path: str = "/rtc", **parameters: str) -> str:
        """Give the address of a socket."""
        query = {**(SINGLE if "v1" in path else DUAL), "access_token": token, **parameters}
        return f"{self.stack.ws_url}{path}?{urlencode(query)}"

    async def refusal(self, token: str, path: str = "/rtc", **parameters: str) -> tuple[int, str]:
        """Give the status and the text with which a handshake is refused."""
        with pytest.raises(InvalidStatus) as caught:
            await connect(self.url(token, path, **parameters))
        body = caught.value.response.body or b""
        return caught.value.response.status_code, bytes(body).decode()

    async def validate(self, token: str) -> tuple[int, str]:
        """Give the answer of the HTTP check; the event loop goes on, for the worker's heartbeat is in it."""
        return await asyncio.to_thread(self._validate, token)

    def _validate(self, token: str) -> tuple[int, str]:
        try:
            with urlopen(f"{self.stack.url}/rtc/validate?{urlencode({'access_token': token})}") as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def assert_no_token_in_log(self) -> None:
        """Check that no ticket, nor the parameter that carries it, was written anywhere."""
        log = self.stack.log("web")
        assert "/rtc" in log
        assert "access_token" not in log
        assert not [token for token in self.given if token in log or token.split(".")[2] in log]


class Socket:
    """A client's socket that was let in; `fresh` is the token to come back with."""

    fresh = ""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect, and take the two frames that begin every conversation."""
        socket = cls(await connect(url, max_size=None))
        assert (await socket.response()).WhichOneof("message") in ("join", "reconnect")
        socket.fresh = (await socket.response()).refresh_token
        return socket

    async def response(self) -> rtc.SignalResponse:
        """Give the next frame."""
        return rtc.SignalResponse.FromString(await self.connection.recv(decode=False))

    async def close_code(self) -> int:
        """Wait until the server closes; give its code."""
        await self.connection.wait_closed()
        assert self.connection.close_code
        return self.connection.close_code


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """An installation with its own Valkey."""
    with Stack(media=0, own_valkey=True, settings={"LIVEKIT_API_SECRET": SECRET}) as stack:
        yield Place(stack)


@pytest_asyncio.fixture
async def worker(place: Place) -> AsyncIterator[FakeWorker]:
    """A worker of the installation."""
    async with FakeWorker(secrets.token_hex(4), url=place.stack.redis_url, prefix=place.stack.redis_prefix) as running:
        yield running


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
async def test_it_works(place: Place, worker: FakeWorker, path: str) -> None:
    socket = await Socket.open(place.url(place.ticket(), path))
    await worker.next(wire.Connect)
    await socket.connection.send(PING)
    assert (await worker.next(wire.Signal)).frame == PING
    await socket.connection.close()
    await worker.next(wire.Disconnect)


async def test_refusals_have_their_status_and_leave_no_token_in_the_log(place: Place, worker: FakeWorker) -> None:
    token, used = place.ticket(), place.ticket()
    socket = await Socket.open(place.url(used))
    assert (await place.refusal(""))[0] == 401
    assert (await place.refusal(token[:-4] + "AAAA"))[0] == 401
    assert (await place.refusal(used))[0] == 401
    await socket.connection.close()
    assert (await place.refusal(used))[0] == 401
    assert (await place.refusal(token, "/rtc/v1", join_request="!"))[0] == 400
    assert (await place.refusal(token, "/rtc/v1", join_request=_bomb()))[0] == 413
    assert (await place.refusal(token, "/elsewhere"))[0] == 404
    assert (await place.validate(used))[0] == 401
    assert await place.validate(token) == (200, "success")
    place.assert_no_token_in_log()


async def test_no_worker_is_said(place: Place) -> None:
    status, text = await place.refusal(place.ticket())
    assert status == 503
    assert "try again" in text


async def test_a_long_join_request_fits_in_the_request_line(place: Place, worker: FakeWorker) -> None:
    offer = rtc.SessionDescription(type="offer", sdp=secrets.token_hex(9_500))
    wrapped = rtc.WrappedJoinRequest(join_request=rtc.JoinRequest(publisher_offer=offer).SerializeToString())
    parameter = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()
    socket = await Socket.open(place.url(place.ticket(), "/rtc/v1", join_request=parameter))
    order: wire.Connect = await worker.next(wire.Connect)
    assert rtc.JoinRequest.FromString(order.join).publisher_offer == offer
    await socket.connection.close()


async def test_bad_frames_close_only_their_own_socket(place: Place, worker: FakeWorker) -> None:
    witness = await Socket.open(place.url(place.ticket()))
    channel = (await worker.next(wire.Connect)).channel
    for frame, code in ((bytes(3 * 1024 * 1024), 1009), (bytes(wire.FRAME_MAX_BYTES + 1), 1009), (b"\xff" * 99, 1007)):
        socket = await Socket.open(place.url(place.ticket()))
        await socket.connection.send(frame)
        assert await socket.close_code() == code
    await worker.say(channel, rtc.SignalResponse(pong=1))
    assert (await witness.response()).pong == 1
    await witness.connection.close()


async def test_memory_does_not_grow_with_large_frames(place: Place, worker: FakeWorker) -> None:
    before = _resident_kb(place.stack.pid("web"))
    for _ in range(10):
        socket = await Socket.open(place.url(place.ticket()))
        await socket.connection.send(bytes(3 * 1024 * 1024))
        assert await socket.close_code() == 1009
    assert _resident_kb(place.stack.pid("web")) - before < 10_000


async def test_sockets_outlive_an_absence_of_valkey(place: Place, worker: FakeWorker) -> None:
    socket = await Socket.open(place.url(place.ticket()))
    channel = (await worker.next(wire.Connect)).channel
    place.stack.kill("valkey")
    assert (await place.refusal(place.ticket()))[0] == 503
    assert (await place.validate(place.ticket()))[0] == 503
    await socket.connection.send(PING)
    place.stack.start("valkey")
    again = await Socket.open(place.url(socket.fresh, reconnect="1", sid="PA_test"))
    await again.connection.close()
    await worker.say(channel, rtc.SignalResponse(pong=1))
    assert (await socket.response()).pong == 1
    await socket.connection.close()


async def test_pings_are_answered_while_valkey_is_away(place: Place, worker: FakeWorker) -> None:
    """A client without answers would end its media too."""
    socket = await Socket.open(place.url(place.ticket()))
    place.stack.kill("valkey")
    asked = rtc.SignalRequest(ping_req=rtc.Ping(timestamp=7)).SerializeToString()
    while not (answers := await _hear(socket, 1.0)):
        await socket.connection.send(asked)
    assert answers[0].pong_resp.last_ping_timestamp == 7
    place.stack.start("valkey")
    await socket.connection.close()


async def _hear(socket: Socket, seconds: float) -> list[rtc.SignalResponse]:
    """Give the next frame, if there is one soon."""
    try:
        async with asyncio.timeout(seconds):
            return [await socket.response()]
    except TimeoutError:
        return []


async def test_joins_wait_out_an_absence_of_the_database(place: Place, worker: FakeWorker) -> None:
    socket = await Socket.open(place.url(place.ticket()))
    channel = (await worker.next(wire.Connect)).channel
    token = place.ticket()
    with database_away(place.stack):
        assert (await place.refusal(token))[0] == 503
        assert (await place.validate(token))[0] == 503
        await worker.say(channel, rtc.SignalResponse(pong=1))
        assert (await socket.response()).pong == 1
    async with asyncio.timeout(10):
        while await place.validate(token) != (200, "success"):  # noqa: ASYNC110  (web tells nobody when it is back)
            await asyncio.sleep(0.2)
    await socket.connection.close()


async def test_a_stopping_server_asks_its_clients_back(place: Place, worker: FakeWorker) -> None:
    socket = await Socket.open(place.url(place.ticket()))
    await worker.next(wire.Connect)
    place.stack.stop("web")
    assert await socket.close_code() == 1012
    await worker.next(wire.Disconnect)
    place.stack.start("web")
    again = await Socket.open(place.url(socket.fresh, reconnect="1", sid="PA_test"))
    await again.connection.close()
    place.assert_no_token_in_log()


def _bomb() -> str:
    packed = gzip.compress(bytes(8 * 1024 * 1024))
    wrapped = rtc.WrappedJoinRequest(compression=rtc.WrappedJoinRequest.GZIP, join_request=packed)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()


def _resident_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
