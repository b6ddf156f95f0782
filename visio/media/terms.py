"""What the operator has set for every room of a worker."""

from __future__ import annotations

from dataclasses import dataclass, field

from visio.media.limits import Limits
from visio.media.relays import Relays


@dataclass(frozen=True, slots=True)
class Terms:
    """`loudest` microphones of a room are heard at once, 0 for all; `relays` lead through closed networks.

    With `reports`, Django is told what happens in rooms.
    """

    loudest: int = 0
    relays: Relays = field(default_factory=Relays)
    limits: Limits = field(default_factory=Limits)
    reports: bool = False
