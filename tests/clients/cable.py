"""The way of a client's signalling socket, which can be cut as a network does it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Cable:
    """Passes bytes to a port of this machine until it is cut; who connects again gets through."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ways: set[asyncio.StreamWriter] = set()

    @property
    def carries(self) -> bool:
        """Tell whether anybody is connected."""
        return bool(self._ways)

    def cut(self) -> bool:
        """Reset every connection; tell whether there was one."""
        ways, self._ways = self._ways, set()
        for way in ways:
            way.transport.abort()
        return bool(ways)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection in both directions until either end closes."""
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._port)
        ways = {writer, other_writer}
        self._ways |= ways
        try:
            await asyncio.gather(_pour(reader, other_writer), _pour(other_reader, writer))
        finally:
            self._ways -= ways
            for way in ways:
                way.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def cable(port: int, host: str = "127.0.0.1") -> AsyncIterator[tuple[Cable, str]]:
    """Give a cable to a port of this machine and the signalling address on `host` that leads through it."""
    laid = Cable(port)
    server = await asyncio.start_server(laid.carry, host, 0)
    try:
        yield laid, f"ws://{f'[{host}]' if ':' in host else host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        laid.cut()
