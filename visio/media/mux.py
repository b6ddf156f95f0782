"""One UDP port and one TCP port for all peers of a worker: who sent this datagram, and to whom it goes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from visio.media import candidates, stun, tcp, udp
from visio.media.ice import Path
from visio.media.plane import Plane
from visio.media.python_plane import PythonPlane
from visio.media.tcp import TcpPath
from visio.media.udp import Endpoint, UdpPath

logger = logging.getLogger("visio.media")

DATAGRAM_MAX_BYTES = 2048
BATCH_MAX = 256
"""Datagrams taken in one wake-up, so that timers and signalling get their turn under load."""

BURST = 32
"""Datagrams after which what they caused is sent: more than a picture has, and less than anybody notices."""

TICK_S = 0.5
CONNECTIONS_MAX = 1024
UNPROVEN_MAX = 256  # TCP connections that have not passed a check yet


class Owner(Protocol):
    """A transport as the mux sees it."""

    def on_check(self, request: stun.Request, path: Path, now: float) -> bytes | None:
        """Judge a check for one of this owner's names; return the answer, or None for no answer."""

    def on_packet(self, packet: bytes, now: float) -> None:
        """Take a packet that is not STUN from a path that passed a check."""

    def on_path_lost(self, path: Path) -> None:
        """A TCP connection is gone."""

    def tick(self, now: float) -> None:
        """Look at the clock."""


class Mux:
    """Owns the sockets and knows which checked path belongs to which transport."""

    def __init__(self, plane: Plane | None = None) -> None:
        self.plane = plane or PythonPlane()
        self.counters: Counter[str] = Counter()
        self.candidates: tuple[str, ...] = ()
        self._owners: dict[str, Owner] = {}
        self._connections: dict[TcpPath, None] = {}  # the oldest first
        self._endpoints: list[Endpoint] = []
        self._listeners: list[asyncio.Server] = []
        self._timer: asyncio.TimerHandle | None = None

    async def start(self, bind: str, udp_port: int, tcp_port: int, hosts: Sequence[str]) -> None:
        """Open the sockets (0 = any free port) and announce `hosts`. Raise OSError when a port is taken."""
        self._endpoints = udp.endpoints(bind, udp_port)
        try:
            self._listeners = await tcp.listen(self._accept, bind, tcp_port)
        except OSError:
            udp.close(self._endpoints)
            raise
        self.udp_port = self._endpoints[0].port
        self.tcp_port: int = self._listeners[0].sockets[0].getsockname()[1]
        self.candidates = candidates.lines(hosts, self.udp_port, self.tcp_port)
        for endpoint in self._endpoints:
            asyncio.get_running_loop().add_reader(endpoint.socket, self._drain, endpoint)
        self._tick()

    async def close(self) -> None:
        """Close every socket."""
        if self._timer is not None:
            self._timer.cancel()
        for connection in list(self._connections):
            connection.abort()
        for listener in self._listeners:
            listener.close()
            await listener.wait_closed()
        for endpoint in self._endpoints:
            asyncio.get_running_loop().remove_reader(endpoint.socket)
        udp.close(self._endpoints)
        self._owners.clear()

    def register(self, ufrag: str, owner: Owner) -> None:
        """Give the checks for `ufrag` to `owner`."""
        self._owners[ufrag] = owner

    def unregister(self, ufrag: str) -> None:
        """Answer checks for `ufrag` with nothing from now on."""
        self._owners.pop(ufrag, None)

    def forget(self, path: Path, owner: Owner) -> None:
        """Take no more packets of `owner` from `path`."""
        if isinstance(path, TcpPath):
            path.abort()
        elif isinstance(path, UdpPath) and path.owner is owner:
            path.endpoint.paths.pop(path.address, None)

    def describe(self) -> dict[str, int]:
        """Return what the sockets hold and have counted."""
        paths = sum(len(endpoint.paths) for endpoint in self._endpoints)
        holdings = {"owners": len(self._owners), "paths": paths, "connections": len(self._connections)}
        return {**holdings, **self.counters}

    def _drain(self, endpoint: Endpoint) -> None:
        for _ in range(BATCH_MAX // BURST):
            drained = self._drain_burst(endpoint)
            self.plane.flush()
            if drained:
                return

    def _drain_burst(self, endpoint: Endpoint) -> bool:
        """Take some datagrams; tell whether there are no more."""
        receive = endpoint.socket.recvfrom
        for _ in range(BURST):
            try:
                packet, address = receive(DATAGRAM_MAX_BYTES)
            except BlockingIOError:
                return True
            except OSError:
                self.counters["udp_receive_failed"] += 1
                return True
            self._on_datagram(endpoint, packet, address)
        return False

    def _on_datagram(self, endpoint: Endpoint, packet: bytes, address: stun.SocketAddress) -> None:
        path = endpoint.paths.get(address)
        if packet and packet[0] < 4:  # RFC 7983 section 7
            self._on_stun(packet, path or UdpPath(endpoint, address, self.counters))
        elif path is None or path.owner is None:
            self.counters["unknown_sender"] += 1
        else:
            self._hand_over(path.owner, packet)

    def on_framed(self, path: TcpPath, packet: bytes) -> None:
        """Take a packet from a TCP connection."""
        if packet[0] < 4:
            self._on_stun(packet, path)
        elif path.owner is None:
            self.counters["unknown_sender"] += 1
        else:
            self._hand_over(path.owner, packet)
            self.plane.flush()

    def _hand_over(self, owner: Owner, packet: bytes) -> None:
        try:
            owner.on_packet(packet, time.monotonic())
        except Exception:
            self.counters["handler_failed"] += 1
            logger.exception("a packet could not be handled")

    def _on_stun(self, packet: bytes, path: UdpPath | TcpPath) -> None:
        request = stun.parse_request(packet)
        owner = self._owners.get(request.local_ufrag) if request is not None else None
        if request is None or owner is None:
            self.counters["stun_ignored"] += 1
            return
        answer = owner.on_check(request, path, time.monotonic())
        if answer is None:
            self.counters["stun_refused"] += 1
            return
        self._bind(path, owner)
        path.send(answer)

    def _bind(self, path: UdpPath | TcpPath, owner: Owner) -> None:
        if path.owner is owner:
            return
        if path.owner is not None:
            path.owner.on_path_lost(path)
        path.owner = owner
        if isinstance(path, UdpPath):
            path.endpoint.paths[path.address] = path

    def _accept(self) -> TcpPath:
        return TcpPath(self)

    def admit(self, connection: TcpPath) -> bool:
        """Say whether there is room for one more TCP connection; of those that prove nothing the oldest makes room.

        So a stranger who opens many cannot keep out those who prove at once who they are.
        """
        unproven = [one for one in self._connections if one.owner is None]
        if len(unproven) >= UNPROVEN_MAX or (unproven and len(self._connections) >= CONNECTIONS_MAX):
            self.counters["tcp_refused"] += 1
            unproven[0].abort()
            del self._connections[unproven[0]]
        elif len(self._connections) >= CONNECTIONS_MAX:
            self.counters["tcp_refused"] += 1
            return False
        self._connections[connection] = None
        return True

    def lose(self, connection: TcpPath) -> None:
        """Take note that a TCP connection is closed."""
        self._connections.pop(connection, None)
        if connection.owner is not None:
            connection.owner.on_path_lost(connection)
            connection.owner = None

    def _tick(self) -> None:
        now = time.monotonic()
        for owner in set(self._owners.values()):
            try:
                owner.tick(now)
            except Exception:
                logger.exception("a transport could not look at the clock")
        for connection in list(self._connections):
            connection.tick(now)
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)
