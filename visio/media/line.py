"""One client's socket as the worker sees it: frames out, numbered and in order; frames in, without a gap."""

from __future__ import annotations

import enum
from collections.abc import Callable

from visio import wire

FRAMES_PER_REPORT = 64


class Arrival(enum.Enum):
    """What the number of a frame says about it."""

    NEXT = "next"
    REPEATED = "repeated"
    GAP = "gap"


class Line:
    """The numbering of one channel in both directions; `post` takes reports, `soon` runs a function after this turn."""

    __slots__ = ("_frames", "_post", "_received", "_sent", "_soon", "channel", "heard", "is_open")

    def __init__(
        self,
        channel: str,
        now: float,
        post: Callable[[str, wire.Report], None],
        soon: Callable[[Callable[[], None]], object],
    ) -> None:
        self.channel = channel
        self.heard = now
        self.is_open = True
        self._post = post
        self._soon = soon
        self._frames: list[bytes] = []
        self._sent = 0
        self._received = 0

    def arrive(self, sequence: int, now: float) -> Arrival:
        """Note that frame number `sequence` came in; web repeats a frame when it does not know if Valkey took it."""
        self.heard = now
        if sequence <= self._received:
            return Arrival.REPEATED
        if sequence > self._received + 1:
            return Arrival.GAP
        self._received = sequence
        return Arrival.NEXT

    def send(self, frame: bytes) -> None:
        """Send one serialised `SignalResponse`; those of one turn of the loop leave together."""
        if not self.is_open:
            return
        if not self._frames:
            self._soon(self.flush)
        self._frames.append(frame)

    def flush(self) -> None:
        """Hand over what waits."""
        waiting, self._frames = self._frames, []
        for start in range(0, len(waiting), FRAMES_PER_REPORT):
            batch = tuple(waiting[start : start + FRAMES_PER_REPORT])
            self._post(self.channel, wire.Frames(self.channel, self._sent + 1, batch))
            self._sent += len(batch)

    def close(self, code: int, reason: str) -> None:
        """Let the socket be closed after everything that was sent."""
        if not self.is_open:
            return
        self.flush()
        self.is_open = False
        self._post(self.channel, wire.Close(self.channel, code, reason))
