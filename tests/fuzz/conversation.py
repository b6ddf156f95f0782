"""Fuzz target for a whole room: one participant says anything, another and a hidden one are there."""

from __future__ import annotations

import asyncio
import secrets

from tests.media.hall import Guest, Hall
from visio import wire

LOOP = asyncio.new_event_loop()
MESSAGES_MAX = 60


def converse(data: bytes) -> None:
    """Only the sender can lose its place by what it says, and nobody learns of who is hidden."""
    LOOP.run_until_complete(_converse(data))


async def _converse(data: bytes) -> None:
    hall = Hall()
    hidden = f"hidden-{secrets.token_hex(8)}"
    ghost = hall.enter(hidden, hidden=True)
    bob = hall.enter("bob", single=bool(data[:1] > b"\x7f"))
    mallory = hall.enter("mallory", single=bool(len(data) % 2), can_update_metadata=True)
    watched = (bob.participant.sid, ghost.participant.sid)
    for frame in _frames(data):
        mallory.send(frame)
        hall.now += 0.4
        hall.rooms.every(lambda room: room.tick_levels(hall.now))
    assert (bob.participant.sid, ghost.participant.sid) == watched
    assert bob.closed() is None
    _unseen((bob, mallory), hidden, ghost.participant.sid)
    hall.rooms.close_all()
    await hall.done()


def _frames(data: bytes) -> list[bytes]:
    """Cut the input into frames: each stands behind its length in two bytes."""
    frames: list[bytes] = []
    while len(data) > 2 and len(frames) < MESSAGES_MAX:
        end = 2 + int.from_bytes(data[:2], "big")
        frames.append(data[2:end])
        data = data[end:]
    return frames


def _unseen(people: tuple[Guest, ...], identity: str, sid: str) -> None:
    for who in people:
        who.hall.flush()
        for report in who.hall.reports:
            if isinstance(report, wire.Frames) and report.channel == who.channel:
                for frame in report.frames:
                    assert identity.encode() not in frame
                    assert sid.encode() not in frame
