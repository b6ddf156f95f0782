"""How far a socket has read its room's history: in order, nothing twice, and knowing what is missing. Pure."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
WAITING_MAX = 200
"""Records kept behind a hole; past this they are read anew with it."""


class Reading:
    """One socket's place in the history; `head` is the newest number up to which nothing is missing."""

    def __init__(self, head: int = 0) -> None:
        self.head = head
        self._waiting: dict[int, Record] = {}

    def take(self, record: Record) -> list[Record]:
        """Give what can be passed on now that `record` is here."""
        if record["seq"] > self.head and len(self._waiting) < WAITING_MAX:
            self._waiting[record["seq"]] = record
        return self._ready()

    def jump(self, head: int) -> None:
        """Note that everything up to `head` was passed on in another way."""
        self.head = max(self.head, head)
        self._waiting = {seq: record for seq, record in self._waiting.items() if seq > self.head}

    @property
    def has_hole(self) -> bool:
        """Say whether something is missing before what is here."""
        return bool(self._waiting)

    def _ready(self) -> list[Record]:
        found = []
        while record := self._waiting.pop(self.head + 1, None):
            self.head += 1
            found.append(record)
        return found
