"""What can be wrong with what a client program sends."""

from __future__ import annotations

from enum import IntEnum


class CloseCode(IntEnum):
    """WebSocket close codes that the worker uses (RFC 6455 section 7.4.1; 4000 and up are ours)."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    INVALID_DATA = 1007
    POLICY = 1008
    RESUME = 4001


class SignalError(Exception):
    """A signalling message that no correct client sends; its connection is closed with `code`."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
