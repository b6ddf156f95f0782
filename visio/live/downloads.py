"""Downloads that the server never has in memory as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.http import FileResponse


class Download(FileResponse):
    """A file, read piece by piece as the client takes it; Django alone would read all of it before an ASGI server."""

    block_size = 64 * 1024

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the pieces, each read in a thread of its own."""
        pieces = iter(self)
        read = sync_to_async(lambda: next(pieces, b""), thread_sensitive=False)
        while piece := await read():
            yield piece
