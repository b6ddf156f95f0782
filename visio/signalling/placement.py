"""Which worker gets a new room: the least busy one, as far as heartbeats and what was placed since then tell."""

from __future__ import annotations

from collections.abc import Iterable

from visio.wire import Heartbeat

LOAD_STEP = 0.1
"""Loads that differ by less count as equal: an idle worker's load goes up and down by itself."""
PACKETS_STEP = 500
"""A meeting of four with pictures; what differs by less counts as equal."""
NEW_ROOM_LOAD = 0.05
NEW_ROOM_PACKETS = 500
NEW_ROOM_PARTICIPANTS = 4
"""What a room is taken to bring before heartbeats show it: people come in and turn cameras on over some seconds."""
FRESH_S = 5.0
REMEMBERED = 10_000


class Placement:
    """Chooses workers for the rooms of one web process, and remembers its choices until heartbeats show them."""

    def __init__(self) -> None:
        self._placed: dict[str, tuple[str, float]] = {}

    def choose(self, workers: Iterable[Heartbeat], room: str, now: float) -> str | None:
        """Give the worker that `room` is to go to, or nothing when none takes rooms."""
        taking = [worker for worker in workers if not worker.draining]
        if not taking:
            return None
        self._forget(now)
        names = {worker.id for worker in taking}
        known = self._placed.get(room)
        if known is not None and known[0] in names:  # somebody else is just going there
            return known[0]
        fresh = [worker for worker, _ in self._placed.values()]
        chosen = min(taking, key=lambda worker: _rank(worker, fresh.count(worker.id))).id
        if len(self._placed) < REMEMBERED:
            self._placed[room] = (chosen, now)
        return chosen

    def withdraw(self, room: str) -> None:
        """Forget a choice: the room has an owner already."""
        self._placed.pop(room, None)

    def _forget(self, now: float) -> None:
        self._placed = {room: (worker, at) for room, (worker, at) in self._placed.items() if now - at < FRESH_S}


def _rank(worker: Heartbeat, fresh: int) -> tuple[int, int, int, str]:
    """Give what is compared: CPU first, then packets, then people, each with what `fresh` rooms are to bring."""
    return (
        round((worker.load + fresh * NEW_ROOM_LOAD) / LOAD_STEP),
        (worker.packets_per_s + fresh * NEW_ROOM_PACKETS) // PACKETS_STEP,
        worker.participants + fresh * NEW_ROOM_PARTICIPANTS,
        worker.id,
    )
