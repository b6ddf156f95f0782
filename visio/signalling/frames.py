"""Signalling frames at the socket: check what a client sends, and speak binary or JSON as it does."""

from __future__ import annotations

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from visio import wire
from visio.signalling.errors import FrameError

# WebSocket close codes: RFC 6455 section 7.4.1 and its registry
NORMAL = 1000
ABNORMAL = 1006
INVALID_DATA = 1007
POLICY = 1008
TOO_LARGE = 1009
RESTARTED = 1012
TRY_AGAIN = 1013
RESUME = 4001
"""Ours: messages were lost, come back for the whole state."""


def read(frame: bytes | str) -> rtc.SignalRequest:
    """Give the request that a binary or text frame holds. Raise `FrameError` when too large or unreadable."""
    data = frame.encode() if isinstance(frame, str) else frame
    if len(data) > wire.FRAME_MAX_BYTES:
        raise FrameError(TOO_LARGE, f"frame of {len(data)} bytes")
    try:
        if isinstance(frame, str):
            return json_format.Parse(frame, rtc.SignalRequest(), ignore_unknown_fields=True)
        return rtc.SignalRequest.FromString(frame)
    except (DecodeError, json_format.ParseError, RecursionError) as error:
        raise FrameError(INVALID_DATA, "unreadable frame") from error


def kind(frame: bytes) -> str | None:
    """Give the name of the message in a serialised response, or nothing for one that this version does not know."""
    message: str | None = rtc.SignalResponse.FromString(frame).WhichOneof("message")
    return message


def text(frame: bytes) -> str:
    """Give a serialised response as protobuf JSON."""
    return json_format.MessageToJson(rtc.SignalResponse.FromString(frame), indent=None)


def refresh(token: str) -> bytes:
    """Give the response that hands the client a fresh token."""
    return rtc.SignalResponse(refresh_token=token).SerializeToString()


def come_back() -> bytes:
    """Give the response that tells the client to join anew: its worker is gone."""
    leave = rtc.LeaveRequest(reason=models.SERVER_SHUTDOWN, action=rtc.LeaveRequest.RECONNECT, can_reconnect=True)
    return rtc.SignalResponse(leave=leave).SerializeToString()


def pong(request: rtc.SignalRequest, now_ms: int) -> bytes | None:
    """Give the answer to a ping, or nothing to any other message."""
    kind = request.WhichOneof("message")
    if kind == "ping":
        return rtc.SignalResponse(pong=now_ms).SerializeToString()
    if kind == "ping_req":
        answer = rtc.Pong(last_ping_timestamp=request.ping_req.timestamp, timestamp=now_ms)
        return rtc.SignalResponse(pong_resp=answer).SerializeToString()
    return None


def goodbye(reason: models.DisconnectReason) -> bytes:
    """Give the response that ends the conversation for good."""
    leave = rtc.LeaveRequest(reason=reason, action=rtc.LeaveRequest.DISCONNECT)
    return rtc.SignalResponse(leave=leave).SerializeToString()
