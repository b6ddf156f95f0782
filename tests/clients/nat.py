"""A router that translates addresses, and can forget what it translated as home routers do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

DATAGRAM_MAX_BYTES = 2048

Address = tuple[str, int]


class Nat:
    """Passes datagrams between clients outside and one server; each client has a port of its own at the server's."""

    def __init__(self, outside: Address, server: Address) -> None:
        self._server = server
        self._outside = _bound(outside)
        self._ways: dict[Address, socket.socket] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._outside, self._take)

    def forget(self) -> int:
        """Give everybody another port from now on; return how many had one."""
        ways, self._ways = self._ways, {}
        for way in ways.values():
            self._loop.remove_reader(way)
            way.close()
        return len(ways)

    def close(self) -> None:
        """Pass nothing any more."""
        self.forget()
        self._loop.remove_reader(self._outside)
        self._outside.close()

    def _take(self) -> None:
        packet, client = self._outside.recvfrom(DATAGRAM_MAX_BYTES)
        if client not in self._ways:
            way = self._ways[client] = _bound((self._outside.getsockname()[0], 0))
            self._loop.add_reader(way, partial(self._bring, way, client))
        self._ways[client].sendto(packet, self._server)

    def _bring(self, way: socket.socket, client: Address) -> None:
        self._outside.sendto(way.recv(DATAGRAM_MAX_BYTES), client)


def _bound(address: Address) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(address)
    return made


@asynccontextmanager
async def nat(outside: Address, server: Address) -> AsyncIterator[Nat]:
    """Give a router between the clients and the server."""
    router = Nat(outside, server)
    try:
        yield router
    finally:
        router.close()
