"""What a handler of one signalling message is, and what handlers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from visio.media.errors import CloseCode, SignalError
from visio.media.participant import Participant
from visio.media.room import Room

Handler = Callable[[Room, Participant, Any, float], None]
"""Takes the room, who sent the message, the message itself and the time (monotonic seconds)."""


def count_change(who: Participant, now: float, number: int = 1) -> None:
    """Count a change that `number` others are told of, or all. Raise `SignalError` when there are too many."""
    if not who.may.changes.take(number, now):
        raise SignalError(CloseCode.POLICY, "too many changes")
