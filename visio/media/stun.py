"""STUN as an ICE-lite agent needs it: read a binding request, prove who sent it, answer it (RFC 5389, RFC 8445)."""

from __future__ import annotations

import hashlib
import hmac
import socket
import zlib
from dataclasses import dataclass
from struct import Struct

HEADER_BYTES = 20
COOKIE = 0x2112A442
BINDING_REQUEST, BINDING_INDICATION, BINDING_SUCCESS = 0x0001, 0x0011, 0x0101

USERNAME, MESSAGE_INTEGRITY, XOR_MAPPED_ADDRESS = 0x0006, 0x0008, 0x0020
PRIORITY, USE_CANDIDATE, FINGERPRINT = 0x0024, 0x0025, 0x8028

FINGERPRINT_XOR = 0x5354554E
FINGERPRINT_BYTES = 8
INTEGRITY_BYTES = 24
USERNAME_MAX_BYTES = 513  # RFC 5389 section 15.3

_HEADER = Struct("!HHI12s")
_ATTRIBUTE = Struct("!HH")
_NUMBER = Struct("!I")
_MAPPED = Struct("!HHxBH")
IPV4, IPV6 = 1, 2  # RFC 5389 section 15.1
SocketAddress = tuple[str, int] | tuple[str, int, int, int]
"""A peer as the operating system names it: host and port, with IPv6 also flow and scope."""


@dataclass(frozen=True, slots=True)
class Request:
    """A binding request; nothing in it is to be believed before `is_genuine` said so."""

    transaction: bytes
    username: str
    use_candidate: bool
    priority: int
    integrity: bytes
    covered: bytes  # what the integrity value was computed over

    @property
    def local_ufrag(self) -> str:
        """The receiver's half of the user name (RFC 8445 section 7.2.2)."""
        return self.username.partition(":")[0]


def parse_request(data: bytes) -> Request | None:
    """Read a binding request that carries a user name and an integrity value; None for everything else."""
    if len(data) < HEADER_BYTES:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(data)
    if kind != BINDING_REQUEST or cookie != COOKIE or length != len(data) - HEADER_BYTES:
        return None
    attributes = _attributes(data)
    if attributes is None or USERNAME not in attributes or MESSAGE_INTEGRITY not in attributes:
        return None
    username, (position, integrity) = attributes[USERNAME][1], attributes[MESSAGE_INTEGRITY]
    if len(username) > USERNAME_MAX_BYTES or len(integrity) != hashlib.sha1(usedforsecurity=False).digest_size:
        return None
    priority = attributes.get(PRIORITY, (0, b""))[1]
    return Request(
        transaction=transaction,
        username=username.decode("utf-8", "replace"),
        use_candidate=USE_CANDIDATE in attributes,
        priority=_NUMBER.unpack(priority)[0] if len(priority) == _NUMBER.size else 0,
        integrity=integrity,
        covered=_with_length(data[:position], position - HEADER_BYTES + INTEGRITY_BYTES),
    )


def _attributes(data: bytes) -> dict[int, tuple[int, bytes]] | None:
    """Return position and value of each attribute; None when the message is damaged.

    What follows the integrity value is not covered by it and left out (RFC 5389 section 15.4).
    """
    found: dict[int, tuple[int, bytes]] = {}
    position, end = HEADER_BYTES, len(data)
    while position < end:
        if end - position < _ATTRIBUTE.size:
            return None
        kind, length = _ATTRIBUTE.unpack_from(data, position)
        stop = position + _ATTRIBUTE.size + length
        if stop > end:
            return None
        if kind == FINGERPRINT and not _fingerprint_fits(data, position, stop):
            return None
        if MESSAGE_INTEGRITY not in found:
            found.setdefault(kind, (position, data[position + _ATTRIBUTE.size : stop]))
        position = stop + -length % 4
    return found


def _fingerprint_fits(data: bytes, position: int, stop: int) -> bool:
    value = data[position + _ATTRIBUTE.size : stop]
    return stop == len(data) and value == _NUMBER.pack(zlib.crc32(data[:position]) ^ FINGERPRINT_XOR)


def is_genuine(request: Request, password: str) -> bool:
    """Say whether the sender of the request knows the password."""
    return hmac.compare_digest(request.integrity, _integrity(request.covered, password))


def success(transaction: bytes, address: SocketAddress, password: str) -> bytes:
    """Return the response that tells the sender the address it was seen at."""
    mapped = _mapped(transaction, address)
    message = _HEADER.pack(BINDING_SUCCESS, len(mapped) + INTEGRITY_BYTES, COOKIE, transaction) + mapped
    message += _ATTRIBUTE.pack(MESSAGE_INTEGRITY, 20) + _integrity(message, password)
    message = _with_length(message, len(message) - HEADER_BYTES + FINGERPRINT_BYTES)
    checksum = zlib.crc32(message) ^ FINGERPRINT_XOR
    return message + _ATTRIBUTE.pack(FINGERPRINT, 4) + _NUMBER.pack(checksum)


def _mapped(transaction: bytes, address: SocketAddress) -> bytes:
    """Return the XOR-MAPPED-ADDRESS attribute (RFC 5389 section 15.2)."""
    host, port = address[0], address[1] ^ COOKIE >> 16
    if ":" not in host:
        return _xored(socket.inet_aton(host), IPV4, port, transaction)
    return _xored(socket.inet_pton(socket.AF_INET6, host.partition("%")[0]), IPV6, port, transaction)


def _xored(packed: bytes, family: int, port: int, transaction: bytes) -> bytes:
    key = (_NUMBER.pack(COOKIE) + transaction)[: len(packed)]
    number = int.from_bytes(packed, "big") ^ int.from_bytes(key, "big")
    return _MAPPED.pack(XOR_MAPPED_ADDRESS, 4 + len(packed), family, port) + number.to_bytes(len(packed), "big")


def _integrity(covered: bytes, password: str) -> bytes:
    return hmac.digest(password.encode(), covered, "sha1")


def _with_length(message: bytes, length: int) -> bytes:
    return message[:2] + length.to_bytes(2, "big") + message[4:]
