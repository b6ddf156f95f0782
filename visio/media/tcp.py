"""ICE over TCP, the passive side: one connection of a peer (RFC 6544)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from visio.media import addresses
from visio.media.framing import Deframer, FramingError, frame
from visio.media.stun import SocketAddress

if TYPE_CHECKING:
    from visio.media.mux import Owner

PROOF_S = 10.0
"""A new connection that has passed no check by then is closed."""

IDLE_S = 60.0
BACKLOG_MAX_BYTES = 256 * 1024
"""What may wait for a slow reader; media that comes later is lost, as on a full network."""


async def listen(accept: Callable[[], TcpPath], bind: str, port: int) -> list[asyncio.Server]:
    """Listen on `port` (0: any that is free) of `bind`, for `::` in both families. Raise OSError when it is taken."""
    servers: list[asyncio.Server] = []
    try:
        for address in addresses.listening(bind):
            servers.append(await asyncio.get_running_loop().create_server(accept, address, port))
            port = servers[0].sockets[0].getsockname()[1]
    except OSError:
        for server in servers:
            server.close()
        raise
    return servers


class Listener(Protocol):
    """What a connection needs of the mux."""

    def admit(self, connection: TcpPath) -> bool:
        """Say whether there is room."""

    def lose(self, connection: TcpPath) -> None:
        """The connection is closed."""

    def on_framed(self, path: TcpPath, packet: bytes) -> None:
        """Take a packet."""


class TcpPath(asyncio.Protocol):
    """A TCP connection as a way to a peer."""

    owner: Owner | None = None
    address: SocketAddress = ("0.0.0.0", 0)  # noqa: S104 (until connected)

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._deframer = Deframer()
        self._transport: asyncio.Transport | None = None
        self._opened = self._heard = time.monotonic()
        self.dropped = 0

    def connection_made(self, transport: Any) -> None:
        """Take the connection, if there is room."""
        self._transport = transport
        self.address = transport.get_extra_info("peername")[:2]
        if not self._listener.admit(self):
            self.abort()

    def data_received(self, data: bytes) -> None:
        """Cut the stream into packets."""
        self._heard = time.monotonic()
        try:
            packets = self._deframer.feed(data)
        except FramingError:
            self.abort()
            return
        for packet in packets:
            self._listener.on_framed(self, packet)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell the mux."""
        self._transport = None
        self._listener.lose(self)

    def send_train(self, packets: memoryview, size: int) -> None:
        """Send packets that lie side by side."""
        for start in range(0, len(packets), size):
            self.send(bytes(packets[start : start + size]))

    def send(self, packet: bytes) -> None:
        """Send, unless the peer reads too slowly."""
        transport = self._transport
        if transport is None or transport.get_write_buffer_size() > BACKLOG_MAX_BYTES:
            self.dropped += 1
        else:
            transport.write(frame(packet))

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def tick(self, now: float) -> None:
        """Close a connection that nobody proved to need, or that has been silent."""
        if (self.owner is None and now > self._opened + PROOF_S) or now > self._heard + IDLE_S:
            self.abort()
