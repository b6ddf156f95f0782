"""Clients that want their next connection to take a certain way, to see if it is open to them."""

from __future__ import annotations

import enum
from collections import OrderedDict

KEPT = 256


class Detour(enum.Enum):
    """The way that a client wants to try; the values are those of LiveKit's `CandidateProtocol`."""

    NONE = 0
    TCP = 1
    RELAY = 2
    """Through a TURN server, as over TLS: the server's own ports have none."""


class Detours:
    """Which session asked for what: a client says it, goes, and joins anew with the same session."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Detour] = OrderedDict()

    def ask(self, session: str, detour: Detour) -> None:
        """Keep what a session wants; of many that never come back, the newest are kept."""
        self._asked[session] = detour
        if len(self._asked) > KEPT:
            self._asked.popitem(last=False)

    def take(self, session: str) -> Detour:
        """Give what a session wants for the connection that it makes now."""
        return self._asked.pop(session, Detour.NONE)
