"""A peer that costs next to nothing: ICE, DTLS and SRTP over a socket on which the kernel counts most packets unread.

After the handshake a filter on the socket lets through STUN, DTLS, RTCP and one RTP packet in 64. The kernel counts
what it drops, so that loss is known exactly, and the machine is left to the server that is measured.
"""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import os
import socket
import struct
import time
import zlib
from dataclasses import dataclass

import pylibsrtp
from OpenSSL import SSL

from visio.media import aiortc_private, stun

CIPHER = "AEAD_AES_128_GCM"
KEY_BYTES, SALT_BYTES = 16, 12
SAMPLED = 64
SO_ATTACH_FILTER, SO_MEMINFO = 26, 55
MEMINFO_WORDS, MEMINFO_DROPS = 9, 8
READ_BYTES = 2048
PATIENCE_S = 20.0
RESEND_S = 0.3

# Classic BPF on what begins with the UDP header; what is neither media nor in the sample is let through.
_LOAD_BYTE, _LOAD_HALF, _AT_LEAST, _ALL_BITS, _RETURN = 0x30, 0x28, 0x35, 0x45, 0x06
FILTER = (
    (_LOAD_BYTE, 0, 0, 8),
    (_AT_LEAST, 0, 6, 128),  # STUN, DTLS
    (_AT_LEAST, 5, 0, 192),
    (_LOAD_BYTE, 0, 0, 9),
    (_AT_LEAST, 0, 1, 192),
    (_AT_LEAST, 0, 2, 224),  # below: RTCP
    (_LOAD_HALF, 0, 0, 10),
    (_ALL_BITS, 1, 0, SAMPLED - 1),  # any bit set: not in the sample
    (_RETURN, 0, 0, 0xFFFF),
    (_RETURN, 0, 0, 0),
)


@dataclass(frozen=True)
class Remote:
    """What the server's session description says."""

    address: tuple[str, int]
    ufrag: str
    password: str


class Peer:
    """One connection to a server. `ssrc` is what it reports under."""

    certificate = aiortc_private.Certificate.generate()

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("0.0.0.0", 0))  # noqa: S104 (Janus announces no loopback address)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.ufrag, self.password = os.urandom(4).hex(), os.urandom(12).hex()
        self.ssrc = int.from_bytes(os.urandom(3), "big") + 1
        self.remote = Remote(("", 0), "", "")  # until it is known
        self.read = 0
        self._dropped_before = 0

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint as SDP writes it."""
        return self.certificate.fingerprint

    # --- connection -------------------------------------------------------------------------------------

    def connect(self, remote: Remote) -> None:
        """Do ICE and DTLS. Raise `TimeoutError` when the server does not answer."""
        self.remote = remote
        self.socket.connect(remote.address)
        self.socket.settimeout(RESEND_S)
        deadline = time.monotonic() + PATIENCE_S
        self.check()
        while not self._is_stun_success(self._receive(deadline)):
            self.check()
        self._handshake(deadline)
        self.socket.setblocking(False)
        self._attach_filter()
        self._dropped_before = self.dropped()

    def check(self) -> None:
        """Send a check, which is also how consent is kept (RFC 7675)."""
        remote = self.remote
        username = f"{remote.ufrag}:{self.ufrag}".encode()
        body = _attribute(stun.USERNAME, username) + _attribute(stun.PRIORITY, struct.pack("!I", 2_130_706_431))
        body += _attribute(0x802A, os.urandom(8)) + _attribute(stun.USE_CANDIDATE, b"")  # we control
        head = struct.pack("!HHI12s", stun.BINDING_REQUEST, len(body) + 24, stun.COOKIE, os.urandom(12))
        body += _attribute(stun.MESSAGE_INTEGRITY, hmac.digest(remote.password.encode(), head + body, hashlib.sha1))
        head = head[:2] + struct.pack("!H", len(body) + 8) + head[4:]
        body += _attribute(stun.FINGERPRINT, struct.pack("!I", zlib.crc32(head + body) ^ stun.FINGERPRINT_XOR))
        self.socket.send(head + body)

    def _is_stun_success(self, data: bytes) -> bool:
        return len(data) > 20 and data[:2] == b"\x01\x01"

    def _receive(self, deadline: float) -> bytes:
        if time.monotonic() > deadline:
            raise TimeoutError("the server does not answer")
        try:
            return self.socket.recv(READ_BYTES)
        except TimeoutError:
            return b""

    def _handshake(self, deadline: float) -> None:
        connection = SSL.Connection(self._context())
        connection.set_connect_state()
        connection.set_ciphertext_mtu(1200)
        while True:
            try:
                connection.do_handshake()
            except SSL.WantReadError:
                self._flush(connection)
                self._feed(connection, deadline)
            else:
                self._flush(connection)
                break
        self._keys(connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (KEY_BYTES + SALT_BYTES)))
        if connection.get_selected_srtp_profile() != f"SRTP_{CIPHER}".encode():
            raise SystemExit(f"the server does not agree to {CIPHER}")
        self.dtls = connection

    def _context(self) -> SSL.Context:
        held = self.certificate.certificate
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(held._cert)  # noqa: SLF001
        context.use_privatekey(held._key)  # noqa: SLF001
        context.set_tlsext_use_srtp(f"SRTP_{CIPHER}".encode())
        return context

    def _feed(self, connection: SSL.Connection, deadline: float) -> None:
        while True:
            data = self._receive(deadline)
            if not data:
                connection.DTLSv1_handle_timeout()
                self._flush(connection)
            elif 20 <= data[0] < 64:
                connection.bio_write(data)
                return
            elif data[0] < 4:
                self.answer(data)

    def _flush(self, connection: SSL.Connection) -> None:
        while True:
            try:
                self.socket.send(connection.bio_read(READ_BYTES))
            except SSL.WantReadError:
                return

    def _keys(self, material: bytes) -> None:
        keys, salts = material[: 2 * KEY_BYTES], material[2 * KEY_BYTES :]
        out, into = (keys[n * KEY_BYTES :][:KEY_BYTES] + salts[n * SALT_BYTES :][:SALT_BYTES] for n in (0, 1))
        profile = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
        kinds = pylibsrtp.Policy.SSRC_ANY_OUTBOUND, pylibsrtp.Policy.SSRC_ANY_INBOUND
        sending = pylibsrtp.Session(pylibsrtp.Policy(out, kinds[0], srtp_profile=profile))
        receiving = pylibsrtp.Session(pylibsrtp.Policy(into, kinds[1], srtp_profile=profile))
        self.protect, self.protect_rtcp = sending.protect, sending.protect_rtcp
        self.unprotect, self.unprotect_rtcp = receiving.unprotect, receiving.unprotect_rtcp

    def answer(self, data: bytes) -> None:
        """Answer a check of the server, which a full ICE agent sends too."""
        request = stun.parse_request(data)
        if request is not None:
            self.socket.send(stun.success(request.transaction, self.socket.getsockname(), self.password))

    # --- counting ---------------------------------------------------------------------------------------

    def _attach_filter(self) -> None:
        code = b"".join(struct.pack("HBBI", *line) for line in FILTER)
        held = ctypes.create_string_buffer(code)
        program = struct.pack("HP", len(FILTER), ctypes.addressof(held))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)

    def dropped(self) -> int:
        """Return how many packets the kernel has dropped unread."""
        words = self.socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 4 * MEMINFO_WORDS)
        found: int = struct.unpack(f"{MEMINFO_WORDS}I", words)[MEMINFO_DROPS]
        return found

    def arrived(self) -> int:
        """Return how many RTP packets have arrived."""
        return self.dropped() - self._dropped_before + self.read

    def close(self) -> None:
        """Close the socket; the server notices by itself."""
        self.socket.close()


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
