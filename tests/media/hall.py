"""Rooms without a network: the real rooms of a worker, with orders put in and reports taken out by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from livekit.protocol import rtc

from visio import wire
from visio.media.aiortc_private import Certificate
from visio.media.chat import Line as ChatLine
from visio.media.departures import Departure, Speech
from visio.media.happenings import Happening
from visio.media.mux import Mux
from visio.media.participant import Participant
from visio.media.rooms import Rooms
from visio.media.terms import Terms

CERTIFICATE = Certificate.generate()


class Hall:
    """An `Office` that keeps what the rooms report, and a clock that the test sets."""

    def __init__(self, terms: Terms | None = None, mux: Mux | None = None) -> None:
        self.now = 100.0
        self.reports: list[wire.Report] = []
        self.departures: list[Departure] = []
        self.speeches: list[Speech] = []
        self.happened: list[Happening] = []
        self.spoken: list[tuple[str, ChatLine]] = []
        self.released: list[str] = []
        self.claims = 0
        self.mux = mux or Mux()
        self.rooms = Rooms(self.mux, CERTIFICATE, self, lambda: self.now, terms)
        self._later: list[Callable[[], None]] = []
        self._work: list[asyncio.Task[None]] = []

    # --- the office -------------------------------------------------------------------------------------

    def post(self, channel: str, report: wire.Report) -> None:
        """Keep a report."""
        assert isinstance(report, wire.Dumped | wire.Answer) or report.channel == channel
        self.reports.append(report)

    def soon(self, call: Callable[[], None]) -> None:
        """Run it when the test takes reports."""
        self._later.append(call)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the background."""
        self._work.append(asyncio.ensure_future(work))

    def depart(self, departure: Departure | Speech) -> None:
        """Keep a departure, or what was spoken."""
        if isinstance(departure, Speech):
            self.speeches.append(departure)
        else:
            self.departures.append(departure)

    def happen(self, happening: Happening) -> None:
        """Keep what Django is told."""
        self.happened.append(happening)

    def speak(self, session: str, line: ChatLine) -> None:
        """Keep a line of chat."""
        self.spoken.append((session, line))

    def failed(self, room: str) -> None:  # noqa: ARG002
        """Let the test fail."""
        raise  # noqa: PLE0704 - called while the exception is handled

    def claim(self) -> None:
        """Count a claim."""
        self.claims += 1

    def release(self, room: str) -> None:
        """Keep the name of a room that ended."""
        self.released.append(room)

    # --- the test's side --------------------------------------------------------------------------------

    def enter(self, identity: str, *, single: bool = False, **rights: Any) -> Guest:
        """Let somebody join the room `room`."""
        guest = Guest(self, identity, single=single)
        guest.connect(wire.Grant(identity, **rights))
        return guest

    def flush(self) -> None:
        """Finish the turn of the loop."""
        waiting, self._later = self._later, []
        for call in waiting:
            call()

    async def done(self) -> None:
        """Wait for the background work."""
        await asyncio.gather(*self._work)


class Guest:
    """One client of the hall, by hand."""

    def __init__(self, hall: Hall, identity: str, *, single: bool) -> None:
        self.hall = hall
        self.identity = identity
        self.single = single
        self.session = f"session-of-{identity}"
        self.channel = f"channel-of-{identity}"
        self.sequence = 0

    def connect(self, grant: wire.Grant, join: rtc.JoinRequest | None = None) -> None:
        """Open a socket."""
        self.sequence = 0
        request = join or rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
        order = wire.Connect(
            self.session, self.channel, "room", "Room", grant, self.single, request.SerializeToString()
        )
        self.hall.rooms.connect(order)

    def resume(self, sid: str) -> None:
        """Come back on another socket."""
        self.channel += "'"
        self.connect(wire.Grant(self.identity), rtc.JoinRequest(reconnect=True, participant_sid=sid))

    def say(self, **message: Any) -> None:
        """Send a `SignalRequest`."""
        self.send(rtc.SignalRequest(**message).SerializeToString())

    def send(self, frame: bytes) -> None:
        """Send any frame."""
        self.sequence += 1
        self.hall.rooms.signal(wire.Signal(self.session, self.channel, self.sequence, frame))

    def responses(self, case: str = "") -> list[Any]:
        """Give what was sent to this socket: all, or the messages of one case."""
        self.hall.flush()
        reports = [r for r in self.hall.reports if isinstance(r, wire.Frames) and r.channel == self.channel]
        every = [rtc.SignalResponse.FromString(frame) for report in reports for frame in report.frames]
        return every if not case else [getattr(one, case) for one in every if one.WhichOneof("message") == case]

    def closed(self) -> wire.Close | None:
        """Give how this socket was closed."""
        self.hall.flush()
        closes = [r for r in self.hall.reports if isinstance(r, wire.Close) and r.channel == self.channel]
        return closes[0] if closes else None

    @property
    def participant(self) -> Participant:
        """Give the participant as the room knows it."""
        found = self.hall.rooms.find("room", self.session)
        assert found is not None
        return found[1]

    def sees(self) -> dict[str, Any]:
        """Give the newest description of everybody, by identity."""
        seen = {}
        for joined in self.responses("join"):
            seen.update({info.identity: info for info in joined.other_participants})
        for update in self.responses("update"):
            seen.update({info.identity: info for info in update.participants})
        return seen
