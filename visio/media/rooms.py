"""The rooms of this worker and the sockets that lead to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from google.protobuf.message import DecodeError
from livekit.protocol import rtc

from visio import wire
from visio.media import joining
from visio.media.aiortc_private import Certificate
from visio.media.chat import Line as ChatLine
from visio.media.departures import Departure, Speech
from visio.media.detours import Detours
from visio.media.errors import CloseCode, SignalError
from visio.media.happenings import ROOM_FINISHED, ROOM_STARTED, Happening
from visio.media.line import Arrival, Line
from visio.media.mux import Mux
from visio.media.pace import Pace
from visio.media.participant import Participant, Reason
from visio.media.room import Action, Room, Services
from visio.media.signals.table import HANDLERS
from visio.media.terms import Terms

logger = logging.getLogger("visio.media")


class Office(Protocol):
    """What the rooms need of the world outside the media path."""

    def post(self, channel: str, report: wire.Report) -> None:
        """Send a report to web."""

    def soon(self, call: Callable[[], None]) -> object:
        """Run a function when this turn of the loop is over."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background."""

    def depart(self, departure: Departure | Speech) -> None:
        """Tell Django that a participant is gone."""

    def happen(self, happening: Happening) -> None:
        """Tell Django what happened in a room."""

    def speak(self, session: str, line: ChatLine) -> None:
        """Tell Django a line of chat."""

    def failed(self, room: str) -> None:
        """Take note of the exception that is being handled: something in a room has failed, the others go on."""

    def claim(self) -> None:
        """Tell the registry that there is a new room."""

    def release(self, room: str) -> None:
        """Tell the registry that a room is gone."""


class Rooms:
    """Rooms are made by the first who joins and end with the last who leaves."""

    def __init__(
        self,
        mux: Mux,
        certificate: Certificate,
        office: Office,
        clock: Callable[[], float],
        terms: Terms | None = None,
    ) -> None:
        self._office = office
        self._clock = clock
        self._services = Services(
            mux,
            certificate,
            clock,
            office.spawn,
            self._depart,
            self._unplug,
            terms or Terms(),
            Detours(),
            office.happen,
            office.speak,
            Pace(clock),
        )
        self.ledger = self._services.ledger
        self._lines: dict[str, tuple[Room, Participant]] = {}
        self._given_up: set[str] = set()
        self.is_draining = False
        self.rooms: dict[str, Room] = {}

    # --- sockets ----------------------------------------------------------------------------------------

    def connect(self, order: wire.Connect) -> None:
        """Let a client join, or go on where it was."""
        line = Line(order.channel, self._clock(), self._office.post, self._office.soon)
        try:
            request = rtc.JoinRequest.FromString(order.join)
        except DecodeError:
            line.close(CloseCode.INVALID_DATA, "the join request is not well formed")
            return
        if request.reconnect:
            self._resume(order, request, line)
        else:
            self._join(order, request, line)

    def signal(self, order: wire.Signal) -> None:
        """Handle one frame of a client."""
        room, who = self._lines.get(order.channel, (None, None))
        if room is None or who is None:
            self._office.post(order.channel, wire.Close(order.channel, CloseCode.RESUME, "unknown channel"))
            return
        now = self._clock()
        arrival = who.line.arrive(order.sequence, now)
        if arrival is Arrival.GAP:
            self._unplug(who.line)
            who.line.close(CloseCode.RESUME, "a frame was lost")
            who.lose(now)
        elif arrival is Arrival.NEXT:
            self._handle(room, who, order.frame, now)

    def disconnect(self, order: wire.Disconnect) -> None:
        """Note that a socket is gone; one that was replaced before does not matter."""
        _, who = self._lines.pop(order.channel, (None, None))
        if who is not None:
            who.lose(self._clock())

    def _join(self, order: wire.Connect, request: rtc.JoinRequest, line: Line) -> None:
        room = self.rooms.get(order.room)
        if self.is_draining and (room is None or order.room in self._given_up):
            self._office.post(order.channel, wire.Elsewhere(order.channel))
            return
        if room is not None and room.is_full_for(order):
            joining.turn_away(line)
            return
        if room is None:
            room = self.rooms[order.room] = Room(order.room, order.room_name, self._services, order.about)
            self._office.claim()
            room.happen(ROOM_STARTED)
        with Conversation(room, line) as conversation:
            conversation.who = joining.join(room, order, request, line)
            if line.is_open:
                self._lines[line.channel] = (room, conversation.who)
        self._sweep(room)

    def _resume(self, order: wire.Connect, request: rtc.JoinRequest, line: Line) -> None:
        room = self.rooms.get(order.room)
        who = room.by_session(order.session) if room is not None else None
        if room is None or who is None or who.sid != request.participant_sid or who.single != order.single:
            joining.refuse(line)
            return
        with Conversation(room, line) as conversation:
            conversation.who = who
            joining.take_up(room, who, request, line)
            if line.is_open:
                self._lines[line.channel] = (room, who)
        self._sweep(room)

    def _handle(self, room: Room, who: Participant, frame: bytes, now: float) -> None:
        with Conversation(room, who.line, who):
            try:
                request = rtc.SignalRequest.FromString(frame)
            except DecodeError as error:
                raise SignalError(CloseCode.INVALID_DATA, "the message is not well formed") from error
            case = request.WhichOneof("message")
            handler = HANDLERS.get(case or "")
            if handler is not None and case is not None:
                handler(room, who, getattr(request, case), now)
        self._sweep(room)

    def _depart(self, departure: Departure | Speech) -> None:
        self._office.depart(departure)

    def _unplug(self, line: Line) -> None:
        self._lines.pop(line.channel, None)

    def _sweep(self, room: Room) -> None:
        if not room.participants and self.rooms.get(room.name) is room:
            del self.rooms[room.name]
            room.happen(ROOM_FINISHED)
            self.ledger.data.update(room.counters)
            self._office.release(room.name)

    # --- orders -----------------------------------------------------------------------------------------

    def find(self, room: str, session: str) -> tuple[Room, Participant] | None:
        """Give the participant of a session."""
        found = self.rooms.get(room)
        who = found.by_session(session) if found is not None else None
        return (found, who) if found is not None and who is not None else None

    def remove(self, room: Room, who: Participant, reason: int) -> None:
        """Put somebody out for good."""
        room.remove(who, reason, Action.DISCONNECT)
        self._sweep(room)

    def close(self, name: str, reason: int, action: int = Action.DISCONNECT) -> None:
        """End a room for everybody."""
        room = self.rooms.get(name)
        if room is not None:
            room.close(reason, action)
            self._sweep(room)

    def close_all(self) -> None:
        """Send everybody to another worker."""
        for name in list(self.rooms):
            self.send_away(name)

    def turn_away(self) -> None:
        """Take no more rooms."""
        self.is_draining = True

    def give_up(self, name: str) -> None:
        """Let others have a room, before everybody in it is sent there."""
        self._given_up.add(name)

    def send_away(self, name: str) -> None:
        """Send everybody in a room to another worker."""
        self.close(name, Reason.SERVER_SHUTDOWN, Action.RECONNECT)

    def owned(self) -> list[str]:
        """Give the rooms that are to stay here."""
        return [name for name in self.rooms if name not in self._given_up]

    def lose(self, room: str, owner: str) -> None:
        """Send everybody in a room to the worker that owns it."""
        logger.warning("room %s belongs to worker %s", room, owner)
        self.close(room, Reason.MIGRATION, Action.RECONNECT)

    # --- time -------------------------------------------------------------------------------------------

    def every(self, act: Callable[[Room], None]) -> None:
        """Do something with every room, then forget those that are empty; one that fails holds up no other."""
        for room in list(self.rooms.values()):
            try:
                act(room)
            except Exception:  # noqa: BLE001 - whatever it is, it is this room's alone
                self._office.failed(room.name)
            self._sweep(room)


class Conversation:
    """Turns an error of the client program into the end of its connection, and of nothing else."""

    def __init__(self, room: Room, line: Line, who: Participant | None = None) -> None:
        self._room = room
        self._line = line
        self.who = who

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, SignalError):
            return False
        who = self.who or next((one for one in self._room.participants.values() if one.line is self._line), None)
        if who is not None:
            self._room.fault(who, error)
        else:
            self._line.close(error.code, error.reason)
        return True
