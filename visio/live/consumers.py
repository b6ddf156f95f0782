"""The companion socket `/ws/rooms/<slug>/`: what LiveKit's protocol does not carry. Every byte from it is untrusted."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.utils import await_many_dispatch
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from suite.lib.client_address import client_address
from visio.live import gate, halls, history, news, protocol, seat, sockets
from visio.live.handlers import HANDLERS, greet, greet_again, greet_waiting
from visio.live.protocol import Close, Code, MessageError
from visio.live.reading import Reading
from visio.live.seat import Seat
from visio.rooms.api.throttles import AddressThrottle, GuestThrottle
from visio.rooms.models import Room
from visio.rooms.throttled import wait_s
from visio.signalling.denial import deny
from visio.signalling.rate import Bucket

HOLE_S = 0.3
"""Time for a number of the history that another process publishes a little later than the next one."""
SETTLE_S = 5.0
"""Others wait so long for their turn while one socket is busy."""
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class LiveConsumer(AsyncConsumer):
    """One browser in one room, inside or at the door."""

    here: Seat
    room_id: uuid.UUID
    group = ""
    meeting_group = ""
    """What sockets in the groups of a meeting have in common; nothing in a main room."""
    groups_of: Sequence[str] = ()
    """All whose hall this socket has joined."""
    language = ""
    is_welcome = False
    is_closing = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Live the socket's life."""
        headers = gate.headers_of(scope)
        peer = (scope.get("client") or [""])[0]
        self.request = gate.request_of(headers, peer)
        address = client_address(peer, headers.get("x-forwarded-for", ""), settings.TRUSTED_PROXIES)
        self.here = seat.of_cookies(scope["url_route"]["kwargs"]["slug"], self.request.COOKIES, address)
        self.language = translation.get_language_from_request(self.request)
        self._bucket = Bucket(per_second=protocol.MESSAGES_PER_S, burst=protocol.BURST, now=time.monotonic())
        self._impatience: asyncio.Task[None] | None = None
        self._mending: asyncio.Task[None] | None = None
        self._reading = Reading()
        self._greeted: dict[str, Message] = {}
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._ahead = 0
        self._settled = asyncio.Event()
        self._give = send
        self._name = uuid.uuid4().hex
        try:
            await gate.guard(headers, send, lambda: self._live(receive))
        finally:
            for group in self.groups_of:
                halls.leave(group, self)
            for task in (self._impatience, self._mending):
                if task:
                    task.cancel()

    async def _live(self, receive: Receive) -> None:
        async def received() -> Message:
            message = await receive()
            self._ahead += 1
            return message

        with suppress(StopConsumer):
            await await_many_dispatch([received, self._inbox.get], self.dispatch)

    async def hear(self, message: Message) -> None:
        """Take what a hall or this socket itself has to tell: at once, or after all that came before it."""
        if not self._is_meant(message):
            return
        is_first = self._ahead == 0 and message["type"] in news.QUICK
        self._ahead += 1
        if is_first:
            await self.dispatch(message)
        else:
            self._inbox.put_nowait(message)

    async def settle(self, message: Message) -> None:
        """Take `message` and wait until it is done, and everything before it."""
        if not self._is_meant(message):
            return
        self._settled = asyncio.Event()
        await self.hear(message)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), SETTLE_S)

    def _is_meant(self, message: Message) -> bool:
        """Say whether this socket has something to do for a message that is not for all."""
        here, identities = self.here, message.get("identities")
        if not self.is_welcome:  # who this is turns out before the message has its turn
            return True
        if message["type"] == news.LOBBY:
            return here.is_host or not here.is_inside
        if message["type"] != news.RECHECK:
            return True
        if message.get("waiting"):
            return not here.is_inside
        return identities is None or here.identity in identities or (message["hosts"] and here.is_host)

    async def dispatch(self, message: Message) -> None:
        """Give a message to its handler, one after the other; `_ahead` are those that are not done."""
        try:
            await self.ROUTES[message["type"]](self, message)
        except MessageError as error:
            await self.say("error", code=error.code, message=error.message, to=None)
            await self._close(error.close or Close.TRY_AGAIN)
        finally:
            self._ahead -= 1

    async def connect(self, _message: Message) -> None:
        """Take the socket of an existing room; who may say what is decided at `hello`."""
        if await self._in_database(_comes_too_often, self.here, self.request):
            await deny(self._give, HTTPStatus.TOO_MANY_REQUESTS, "too many attempts: wait a minute")
            raise StopConsumer
        room = await self._in_database(Room.objects.named, self.here.slug)
        if room is None:
            await deny(self._give, HTTPStatus.NOT_FOUND, "there is no such room")
            raise StopConsumer
        self.room_id, self.group = room.pk, news.group(room.pk)
        self.meeting_group = news.groups_group(room.parent_id) if room.parent_id else ""
        await self._give({"type": "websocket.accept"})
        self._impatience = asyncio.create_task(self._wait_for_hello())

    async def _wait_for_hello(self) -> None:
        await asyncio.sleep(protocol.HELLO_S)
        if not self.is_welcome:
            await self._close(Close.PROTOCOL)

    async def receive(self, message: Message) -> None:
        """Answer a message of the browser: what it asked for is done, or an error says why not."""
        if self.is_closing:
            return
        number = None
        try:
            if not self._bucket.take(time.monotonic()):
                raise MessageError(Code.TOO_FAST, Close.POLICY)
            said = protocol.read(message.get("text"))
            number = said.get("id")
            await self._answer(said, number)
        except MessageError as error:
            await self.say("error", code=error.code, message=error.message, to=number, **error.more)
            if error.close:
                await self._close(error.close)

    async def _answer(self, said: Message, number: int | None) -> None:
        if said["type"] == "hello":
            await self._hello(said)
        elif not self.is_welcome:
            raise MessageError(Code.HELLO_FIRST, Close.PROTOCOL)
        else:
            if said["type"] == "ping":
                await self._still_there()
            for message in await self._in_database(HANDLERS[said["type"]], self.here, said) or ():
                await self.say(**message)
            await self.say("pong" if said["type"] == "ping" else "done", to=number)

    async def _hello(self, said: Message) -> None:
        if self.is_welcome:
            raise MessageError(Code.HELLO_TWICE, Close.PROTOCOL)
        if said["version"] != protocol.VERSION:
            raise MessageError(Code.VERSION, Close.PROTOCOL, versions=[protocol.VERSION])
        await self._join()
        self.here, welcome = await self._in_database(seat.take, self.here, said.get("name") or "")
        self.is_welcome = True
        await self.say("welcome", version=protocol.VERSION, identity=self.here.identity, name=self.here.name, **welcome)
        if not self.here.is_inside:
            await self._greet(greet_waiting)
            await self._in_database(_lobby_changed, self.here)
            return
        await self._greet(greet)
        await self._catch_up(said.get("since"))

    async def _join(self) -> None:
        """Hear what is told from now on, before the seat is looked at: so no decision falls between the two."""
        self.here = await self._in_database(seat.identified, self.here)
        if not await sockets.add(self.room_id, self.here.identity, self._name):
            raise MessageError(Code.TOO_MANY, Close.TRY_AGAIN)
        self.groups_of = [name for name in (self.group, self.meeting_group) if name]
        for group in self.groups_of:
            await halls.join(group, self)

    async def _still_there(self) -> None:
        """Take note of a sign of life; look again at somebody who waits for nothing any more: the news was lost."""
        await sockets.keep(self.room_id, self.here.identity, self._name)
        if self.here.is_inside or await self._in_database(seat.touch, self.here):
            return
        if await self._in_database(seat.is_refused, self.here):
            await self.say("lobby.refused")
            return
        await self.recheck({})
        if not self.here.is_inside:
            await self._in_database(_still_here, self.here)

    async def _catch_up(self, since: int | None) -> None:
        """Tell what belongs to the room's history and was not told yet."""
        past = await self._in_database(history.past, self.here, since)
        self._reading.jump(past.seq)
        for message in past.messages:
            await self.say(**message)

    async def disconnected(self, _message: Message) -> None:
        """Leave; who waited is no longer in the list."""
        with suppress(MessageError):  # the room itself may be gone
            await self._leave()
        raise StopConsumer

    async def _leave(self) -> None:
        if self.here.identity:
            await sockets.remove(self.room_id, self.here.identity, self._name)
        if self.is_welcome and not self.here.is_inside:
            await self._in_database(seat.leave, self.here)
            await self._in_database(_lobby_changed, self.here)

    # --- news of the room -------------------------------------------------------------------------------

    async def lobby(self, message: Message) -> None:
        """Tell a host who waits, and somebody who waits their position only."""
        if self.here.is_host and self.here.is_inside:
            await self.say("lobby.people", people=message["people"])
        if self.here.is_inside:
            return
        positions = message["positions"]
        if position := positions.get(self.here.identity):
            await self.say("lobby.position", position=position, of=len(positions), told=message["told"])
        else:
            await self._in_database(_still_here, self.here)

    async def decided(self, message: Message) -> None:
        """Tell somebody who waits what was decided about them."""
        if not self.here.is_inside and self.here.identity in message["identities"]:
            await self.say(**message["message"])

    async def lobby_text(self, message: Message) -> None:
        """Tell those who wait, and the hosts, what a host wrote."""
        if self.here.is_host or not self.here.is_inside:
            await self.say(**message["message"])

    async def said(self, message: Message) -> None:
        """Pass on a message that is meant for this person."""
        here, identities = self.here, message["identities"]
        if not here.is_inside or (message["hosts"] and not here.is_host):
            return
        if identities is None or here.identity in identities:
            await self._write(message["text"])

    async def recorded(self, message: Message) -> None:
        """Pass on what belongs to the history, in its order; what the channel layer has lost is read anew."""
        if not self.here.is_present:
            return
        for record in self._reading.take(message):
            if record["identities"] is None or self.here.identity in record["identities"]:
                await self._write(record["text"])
        if self._reading.has_hole and (not self._mending or self._mending.done()):
            self._mending = asyncio.create_task(self._mend_soon())

    async def _mend_soon(self) -> None:
        await asyncio.sleep(HOLE_S)
        await self.hear({"type": news.MEND})

    async def mend(self, _message: Message) -> None:
        """Read what is still missing."""
        self._mending = None
        if self._reading.has_hole:
            await self._catch_up(self._reading.head)

    async def recheck(self, _message: Message) -> None:
        """Look again who this is: what they may do has changed, or whether they are there."""
        try:
            if not self.is_closing:
                await self._look_again()
        finally:
            self._settled.set()

    async def _look_again(self) -> None:
        before = self.here
        here, _welcome = await self._in_database(seat.take, before, before.name)
        if here.is_inside and not before.is_inside:
            await self.say("lobby.admitted")
            return
        self.here = here
        if here.is_inside:
            await self._greet(greet_again)
            if here.is_present and not before.is_present:
                await self._catch_up(self._reading.head)
        elif before.is_inside:
            await self._close(Close.TRY_AGAIN)  # the browser comes back, at the door

    async def _greet(self, greeting: Callable[[Seat], list[Message]]) -> None:
        """Tell what is new to this socket of what concerns the person."""
        for message in await self._in_database(greeting, self.here):
            if self._greeted.get(message["type"]) != message:
                self._greeted[message["type"]] = message
                await self.say(**message)

    ROUTES: ClassVar[dict[str, Callable[[LiveConsumer, Message], Awaitable[None]]]] = {
        "websocket.connect": connect,
        "websocket.receive": receive,
        "websocket.disconnect": disconnected,
        news.LOBBY: lobby,
        news.DECIDED: decided,
        news.LOBBY_TEXT: lobby_text,
        news.SAID: said,
        news.RECORDED: recorded,
        news.MEND: mend,
        news.RECHECK: recheck,
    }

    # --- tools ------------------------------------------------------------------------------------------

    async def say(self, type: str, **what: Any) -> None:  # noqa: A002  (the protocol's word)
        """Send a message."""
        await self._write(json.dumps({"type": type, **what}))

    async def _write(self, text: str) -> None:
        if not self.is_closing:
            await self._give({"type": "websocket.send", "text": text})

    async def _close(self, code: int) -> None:
        if not self.is_closing:
            self.is_closing = True
            await self._give({"type": "websocket.close", "code": code})

    async def _in_database(self, work: Callable[..., Any], *given: Any) -> Any:
        def do() -> Any:
            with translation.override(self.language):
                return work(*given)

        return await database_sync_to_async(do)()


def _comes_too_often(here: Seat, request: HttpRequest) -> bool:
    login = here.login()
    return wait_s(request, login.user if login else None, (GuestThrottle, AddressThrottle)) > 0


def _lobby_changed(here: Seat) -> None:
    news.lobby_changed(here.room())


def _still_here(here: Seat) -> None:
    """Come back into the list that another tab of the same person has left, or that has lost them."""
    seat.touch(here)
    room = here.room()
    if room.visits.waiting().filter(identity=here.identity).exists():
        news.lobby_changed(room)
