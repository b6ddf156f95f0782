"""What a topic of the companion socket (visio/live/handlers/) is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from visio.live.seat import Seat

Said = dict[str, Any]
"""A message, either way."""
Handlers = dict[str, Callable[[Seat, Said], list[Said] | None]]
"""What a handler gives is said to the socket that asked, before `done`."""
Greet = Callable[[Seat], list[Said]]
