"""How much may wait for a client that does not read: the bound of what one socket can make the web role keep."""

from __future__ import annotations

MAX_BYTES = 4 * 1024 * 1024
"""Many times what a room of hundreds says to somebody who joins; reached only by who reads nothing for a while."""


class Backlog:
    """Counts what is sent while the connection takes nothing; a push producer in Twisted's words."""

    def __init__(self) -> None:
        self._full = False
        self._waiting_bytes = 0

    def add(self, size: int) -> bool:
        """Count `size` bytes that are about to be sent; say whether there is room for them."""
        if self._full:
            self._waiting_bytes += size
        return self._waiting_bytes <= MAX_BYTES

    def pauseProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """Note that the connection has more than it can send now."""
        self._full = True

    def resumeProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """Note that all was sent."""
        self._full = False
        self._waiting_bytes = 0

    def stopProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """Do nothing: the connection is gone."""
