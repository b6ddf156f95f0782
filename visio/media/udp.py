"""The worker's UDP sockets: one port, one socket per local address, so that answers leave from the address asked."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections import Counter
from collections.abc import Sequence
from struct import Struct
from typing import TYPE_CHECKING

from visio.media import addresses
from visio.media.stun import SocketAddress

if TYPE_CHECKING:
    from visio.media.mux import Owner

SOCKET_BUFFER_BYTES = 4 * 1024 * 1024  # the kernel gives what net.core.rmem_max allows


UDP_SEGMENT = 103  # linux/udp.h: cut what is sent into datagrams of this size
_SEGMENT = Struct("=H")
UNTAKEN = (errno.EAGAIN, errno.ENOBUFS)


class Endpoint:
    """The worker's port on one local address, and the peers' addresses that passed a check there.

    One socket on the wildcard address would let routing choose the source of an answer: a browser that asked another
    address of this machine would not know the answer for its own (RFC 8445 section 7.3.1.2, trap of hosts with several
    addresses).
    """

    __slots__ = ("paths", "socket")

    def __init__(self, address: str, port: int) -> None:
        self.paths: dict[SocketAddress, UdpPath] = {}
        self.socket = socket.socket(family(address), socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)
        try:
            self.socket.bind((address, port))
        except OSError:
            self.socket.close()
            raise

    @property
    def port(self) -> int:
        """The port, also when the kernel chose it."""
        port: int = self.socket.getsockname()[1]
        return port


class UdpPath:
    """An address of a peer at one of the worker's endpoints."""

    __slots__ = ("_counters", "_is_segmented", "_sendmsg", "_sendto", "address", "endpoint", "owner")

    def __init__(self, endpoint: Endpoint, address: SocketAddress, counters: Counter[str]) -> None:
        self._sendto, self._sendmsg = endpoint.socket.sendto, endpoint.socket.sendmsg
        self._is_segmented = True
        self._counters = counters
        self.endpoint = endpoint
        self.address = address
        self.owner: Owner | None = None

    def send(self, packet: bytes | memoryview) -> None:
        """Send now; what the kernel does not take is lost, as on the network."""
        try:
            self._sendto(packet, self.address)
        except OSError:
            self._counters["udp_send_failed"] += 1

    def send_train(self, packets: memoryview, size: int) -> None:
        """Let the kernel cut packets of one size apart; one by one on a path that cannot, such as one too narrow."""
        if len(packets) <= size:
            self.send(packets)
            return
        if self._is_segmented:
            try:
                self._sendmsg((packets,), ((socket.IPPROTO_UDP, UDP_SEGMENT, _SEGMENT.pack(size)),), 0, self.address)
            except OSError as error:
                self._is_segmented = error.errno in UNTAKEN
            else:
                return
        for start in range(0, len(packets), size):
            self.send(packets[start : start + size])


def family(address: str) -> socket.AddressFamily:
    """Tell the family of an IP address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def endpoints(bind: str, port: int) -> list[Endpoint]:
    """Open `port` (0: any that is free) on `bind`, or on every address of this machine. Raise OSError when taken."""
    opened: list[Endpoint] = []
    try:
        for address in addresses.local(bind):
            opened += _open(address, port, is_needed=address == bind)
            port = opened[0].port if opened else port
    except OSError:
        close(opened)
        raise
    return opened


def _open(address: str, port: int, *, is_needed: bool) -> list[Endpoint]:
    """Open one socket; an address of many that has just gone is passed over."""
    try:
        return [Endpoint(address, port)]
    except OSError as error:
        if is_needed or error.errno != errno.EADDRNOTAVAIL:
            raise
        return []


def close(opened: Sequence[Endpoint]) -> None:
    """Close the sockets."""
    for endpoint in opened:
        endpoint.socket.close()
        endpoint.paths.clear()
