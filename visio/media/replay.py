"""The newest reliable data packets of a room, for those whose connection was away for a moment; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from visio.media import limits


class Sent(NamedTuple):
    """A relayed packet; `to` holds the identities it was for, everybody when empty."""

    at: float
    sender: str
    sequence: int
    to: frozenset[str]
    frame: bytes


class Replay:
    """Bounded in bytes and age."""

    def __init__(self) -> None:
        self._kept: deque[Sent] = deque()
        self._size_bytes = 0

    def add(self, sent: Sent) -> None:
        """Keep a packet; the oldest make room."""
        self._kept.append(sent)
        self._size_bytes += len(sent.frame)
        while self._kept and self._too_much(sent.at):
            self._size_bytes -= len(self._kept.popleft().frame)

    def missed(self, sid: str, identity: str, since: float, received: Mapping[str, int]) -> list[bytes]:
        """Give what a participant who is here `since` did not get; `received` = newest sequence by sender."""
        return [
            item.frame
            for item in self._kept
            if item.sender != sid
            and item.at >= since
            and item.sequence > received.get(item.sender, 0)
            and (not item.to or identity in item.to)
        ]

    def _too_much(self, now: float) -> bool:
        return self._size_bytes > limits.REPLAY_BYTES or self._kept[0].at < now - limits.REPLAY_S
