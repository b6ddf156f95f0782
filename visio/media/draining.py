"""The end of a worker that others outlive: its rooms move to them, one after the other, before it goes."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol

from redis.exceptions import RedisError

from visio.media.participant import State
from visio.media.room import Room
from visio.media.rooms import Rooms

logger = logging.getLogger("visio.media")

JOINS_PER_S = 8
"""What one other worker, web and the database take without making anybody wait; seven a second were seen on two cores
that also ran the clients."""
GOODBYE_S = 1.0
"""For web to pass the last goodbyes on, before the missing heartbeat tells it that the worker is gone."""
CONNECTING_S = 2.0
"""Who is just coming in is left to arrive: clients take a goodbye before their first media for a failure."""
STEP_S = 0.1


class Entries(Protocol):
    """What the registry says of this worker and of the others."""

    def release(self, room: str) -> None:
        """Forget a room soon."""

    async def written(self) -> None:
        """Wait until Valkey has what this worker says now."""

    async def others(self) -> int:
        """Count the other workers that take rooms."""


async def drain(rooms: Rooms, entries: Entries, patience_s: float) -> None:
    """Take no more rooms and send everybody to other workers; give up when there is none, or after `patience_s`."""
    deadline = time.monotonic() + patience_s
    is_empty = not rooms.rooms
    rooms.turn_away()
    try:
        async with asyncio.timeout(patience_s):
            await entries.written()
            await _empty(rooms, entries, deadline)
            if not (is_empty or rooms.rooms):
                await asyncio.sleep(GOODBYE_S)
    except TimeoutError:
        logger.warning("draining: %d rooms are left at the deadline", len(rooms.rooms))


async def _empty(rooms: Rooms, entries: Entries, deadline: float) -> None:
    while rooms.rooms:
        others = await _others(entries)
        if others == 0:
            logger.warning("draining: no other worker takes %d rooms", len(rooms.rooms))
            return
        room = next((one for one in rooms.rooms.values() if is_settled(one, time.monotonic())), None)
        if others is None or room is None:
            await asyncio.sleep(STEP_S)
            continue
        moved = len(room.participants)
        await _move(rooms, entries, room.name)
        left = sum(len(one.participants) for one in rooms.rooms.values())
        await asyncio.sleep(pause_s(moved, left, others, deadline - time.monotonic()))


async def _others(entries: Entries) -> int | None:
    """Count the other workers, or give nothing while Valkey is away."""
    try:
        return await entries.others()
    except (RedisError, OSError) as error:
        logger.warning("draining: Valkey is away (%s)", type(error).__name__)
        return None


async def _move(rooms: Rooms, entries: Entries, name: str) -> None:
    """Send everybody in a room to join anew, once nobody can be sent back to this worker."""
    rooms.give_up(name)
    entries.release(name)
    await entries.written()
    rooms.send_away(name)


def is_settled(room: Room, now: float) -> bool:
    """Tell whether nobody in a room is about to connect."""
    people = room.participants.values()
    return all(who.state is State.ACTIVE or now - who.joined_at > CONNECTING_S for who in people)


def pause_s(moved: int, left: int, others: int, remaining_s: float) -> float:
    """Give the pause after `moved` people: what the others can take, faster when `left` people would be too late."""
    gentle_s = moved / (JOINS_PER_S * others)
    due_s = max(0.0, remaining_s) * moved / max(1, moved + left)
    return min(gentle_s, due_s) if left else 0.0
