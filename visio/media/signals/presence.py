"""Being there: pings, and saying goodbye."""

from __future__ import annotations

import time

from livekit.protocol import rtc

from visio.media.participant import Participant, Reason
from visio.media.room import Room
from visio.media.signals.handler import Handler


def ping(room: Room, who: Participant, message: int, now: float) -> None:  # noqa: ARG001
    """Answer the old ping, a bare number."""
    who.send(rtc.SignalResponse(pong=_wall_ms()))


def ping_req(room: Room, who: Participant, message: rtc.Ping, now: float) -> None:  # noqa: ARG001
    """Answer a ping with its own time; note the round trip that the client has measured."""
    who.signalling_rtt_s = max(0, message.rtt) / 1000
    pong = rtc.Pong(last_ping_timestamp=message.timestamp, timestamp=_wall_ms())
    who.send(rtc.SignalResponse(pong_resp=pong))


def leave(room: Room, who: Participant, message: rtc.LeaveRequest, now: float) -> None:  # noqa: ARG001
    """Let a participant go who says goodbye."""
    room.remove(who, Reason.CLIENT_INITIATED, None)


def ignore(room: Room, who: Participant, message: object, now: float) -> None:
    """Do nothing: a message for test servers, or of a feature that is not advertised."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


HANDLERS: dict[str, Handler] = {
    "ping": ping,
    "ping_req": ping_req,
    "leave": leave,
    "publish_data_track_request": ignore,
    "unpublish_data_track_request": ignore,
    "update_data_subscription": ignore,
    "store_data_blob_request": ignore,
    "get_data_blob_request": ignore,
}
