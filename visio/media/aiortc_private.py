"""The one place that touches private names of aiortc: DTLS, SRTP and SCTP over a pipe of our own instead of its ICE."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import pylibsrtp
from aiortc import (
    RTCCertificate,
    RTCDataChannel,
    RTCDataChannelParameters,
    RTCIceTransport,
    RTCSctpTransport,
    rtcdtlstransport,
)
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcsctptransport import (
    SCTP_DATA_FIRST_FRAG,
    SCTP_DATA_LAST_FRAG,
    SCTP_DATA_UNORDERED,
    DataChunk,
    InboundStream,
    RTCSctpCapabilities,
    tsn_plus_one,
)
from aiortc.utils import uint16_add, uint16_gt, uint32_gt, uint32_gte
from OpenSSL import SSL
from pylibsrtp._binding import ffi, lib

from visio.media.serial import distance32

logger = logging.getLogger("visio.media")

PROFILES = tuple(
    profile
    for profile in (
        rtcdtlstransport.SRTP_AEAD_AES_128_GCM,  # the cheapest one by measurement
        rtcdtlstransport.SRTP_AEAD_AES_256_GCM,
        rtcdtlstransport.SRTP_AES128_CM_SHA1_80,
    )
    if profile in rtcdtlstransport.SRTP_PROFILES
)
WAITING_MAX = 64  # datagrams of a handshake that nobody has read yet
CHANNELS_MAX = 16
STREAMS_MAX = 64
RECEIVE_WINDOW_BYTES = 1024 * 1024
RECEIVE_WINDOW_CHUNKS = 1024  # behind a gap; each is looked at for every acknowledgement
HELD_MAX = 2048  # chunks of messages that are not whole; a message of 64 kB has about 60
FRAGMENTS_MAX = 512  # of one message
SRTP_ERRORS = (pylibsrtp.Error, ValueError)  # ValueError: longer than libsrtp's buffer here

NEEDED: tuple[tuple[type, tuple[str, ...]], ...] = (
    (RTCCertificate, ("generateCertificate", "getFingerprints", "_create_ssl_context")),
    (
        RTCDtlsTransport,
        ("start", "stop", "_set_role", "_send_data", "_register_data_receiver", "_unregister_data_receiver"),
    ),
    (
        RTCSctpTransport,
        (
            "start",
            "stop",
            "_handle_data",
            "_data_channel_flush",
            "_set_state",
            "_mark_received",
            "_receive_data_chunk",
            "_get_inbound_stream",
        ),
    ),
    (InboundStream, ("add_chunk", "pop_messages")),
    (pylibsrtp.Session, ("protect", "protect_rtcp", "unprotect", "unprotect_rtcp")),
)
NEEDED_SOURCE: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        RTCDtlsTransport,
        ("_rx_srtp", "_tx_srtp", "_srtp_profiles", "_data_receiver", "_task", "_ssl", "transport._recv()"),
    ),
    (pylibsrtp.Session, ("_srtp", "srtp_protect")),
    (RTCSctpTransport, ("_advertised_rwnd", "_inbound_streams", "_data_channels", "_association_state", "_role")),
    (RTCSctpTransport, ("_last_received_tsn", "_sack_misordered", "_sack_duplicates", "_sack_needed")),
    (InboundStream, ("reassembly", "sequence_number")),
)


class IncompatibleLibraryError(Exception):
    """The installed aiortc has changed where this module depends on it."""


def check() -> None:
    """Raise `IncompatibleLibraryError` when a name that this module needs is gone."""
    missing = [f"{kind.__name__}.{name}" for kind, names in NEEDED for name in names if not hasattr(kind, name)]
    for kind, names in NEEDED_SOURCE:
        source = inspect.getsource(kind)
        missing += [f"{kind.__name__}: {name}" for name in names if name not in source]
    if missing:
        raise IncompatibleLibraryError(f"This version of aiortc cannot be used; it lacks {', '.join(missing)}.")


class _OneContext(RTCCertificate):
    """A certificate with one OpenSSL context for all connections: one for each costs 0.65 ms and 42 KiB more."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)  # or it keeps 20,480 sessions that nobody resumes
        return self._context


class Certificate:
    """The key and certificate with which a worker proves itself to every peer."""

    def __init__(self, certificate: RTCCertificate) -> None:
        self.certificate = certificate
        prints = {one.algorithm: one.value for one in certificate.getFingerprints()}
        self.fingerprint = f"sha-256 {prints['sha-256']}"

    @classmethod
    def generate(cls) -> Certificate:
        """Make a new ECDSA certificate; an RSA chain would not fit one datagram."""
        return cls(_OneContext.generateCertificate())


class Pipe:
    """What aiortc takes for its ICE transport: datagrams of the DTLS connection in, datagrams out."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._deliver = send
        self._waiting: deque[bytes] = deque(maxlen=WAITING_MAX)
        self._arrival = asyncio.Event()
        self._open = True

    def feed(self, datagram: bytes) -> None:
        """Hand over a datagram that came from the peer."""
        self._waiting.append(datagram)
        self._arrival.set()

    def close(self) -> None:
        """Make every reader see the end, and let go of who sends."""
        self._open = False
        self._deliver = _ignore
        self._arrival.set()

    async def _recv(self) -> bytes:
        while not self._waiting:
            if not self._open:
                raise ConnectionError
            self._arrival.clear()
            await self._arrival.wait()
        return self._waiting.popleft()

    async def _send(self, datagram: bytes) -> None:
        self._deliver(datagram)


def _ignore(*_what: object) -> None:
    """Take the place of a listener that is let go of: cycles would live until the garbage collector comes by."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """What SRTP encrypts with in one direction: libsrtp's number and the name of the profile, master key and salt."""

    profile: int
    name: str
    secret: bytes


class Sealer:
    """Encrypts RTP packets where they lie: pylibsrtp copies each one three times, at the price of the cipher."""

    def __init__(self, keys: SrtpKeys, room: bytearray) -> None:
        policy = pylibsrtp.Policy(keys.secret, pylibsrtp.Policy.SSRC_ANY_OUTBOUND, srtp_profile=keys.profile)
        policy.allow_repeat_tx = True  # a packet that is sent again
        policy.window_size = 1024
        self._session = pylibsrtp.Session(policy)
        self._context = self._session._srtp[0]
        self._room = ffi.from_buffer("char[]", room, require_writable=True)
        self._size = ffi.new("int *")
        self._protect = lib.srtp_protect
        self.protect_rtcp = self._session.protect_rtcp

    def seal(self, at: int, size: int) -> int:
        """Encrypt the packet of `size` bytes at this place; return its new size, 0 when libsrtp refuses it.

        It grows by no more than libsrtp's `SRTP_MAX_TRAILER_LEN`, which must be free behind it.
        """
        self._size[0] = size
        refused = self._protect(self._context, self._room + at, self._size)
        return 0 if refused else cast(int, self._size[0])


class Dtls:
    """The server's side of one DTLS connection, and the SRTP sessions that come out of it."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._pipe = Pipe(send)
        self.feed = self._pipe.feed
        self.transport = RTCDtlsTransport(cast(RTCIceTransport, self._pipe), [certificate.certificate])
        self.transport._srtp_profiles = list(PROFILES)
        self.transport._set_role("server")
        self._ended = ended

    async def handshake(self, fingerprints: Sequence[tuple[str, str]]) -> bool:
        """Wait for the peer's handshake; False when it failed or the certificate has none of the fingerprints."""
        known = [RTCDtlsFingerprint(algorithm=algorithm, value=value) for algorithm, value in fingerprints]
        await self.transport.start(RTCDtlsParameters(fingerprints=known, role="client"))
        if self.transport.state != "connected":
            return False
        receive = self.transport._rx_srtp
        self.unprotect, self.unprotect_rtcp = receive.unprotect, receive.unprotect_rtcp
        cast(Any, self.transport)._tx_srtp = None  # a `Sealer` encrypts
        self.transport.on("statechange", self._on_state)
        return True

    def keys(self) -> SrtpKeys:
        """Return the keys for what is sent, once the handshake is over (RFC 5764 section 4.2)."""
        connection = cast(SSL.Connection, self.transport._ssl)
        chosen = connection.get_selected_srtp_profile()
        profile = next(one for one in PROFILES if one.openssl_profile == chosen)
        size = 2 * (profile.key_length + profile.salt_length)
        material = connection.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
        return SrtpKeys(profile.libsrtp_profile, chosen.decode(), profile.get_key_and_salt(material, 1))

    def _on_state(self) -> None:
        if self.transport.state in ("closed", "failed"):
            self._ended()

    async def close(self) -> None:
        """Say goodbye to the peer and end the reading task."""
        self.transport.remove_all_listeners()
        self._ended = _ignore
        reading = self.transport._task
        with contextlib.suppress(Exception):
            await self.transport.stop()
        self._pipe.close()
        if reading is not None:
            await asyncio.gather(reading, return_exceptions=True)


class ChannelListener(Protocol):
    """Who hears of the data channels."""

    def on_channel(self, label: str) -> None:
        """A channel is open."""

    def on_message(self, label: str, data: bytes) -> None:
        """A binary message came."""

    def on_channels_lost(self, reason: str) -> None:
        """The association broke."""


class _Stream(InboundStream):
    """Looks for a whole message around the chunk that came: aiortc walks through all that waits, for every chunk."""

    _fresh: int | None = None

    def add_chunk(self, chunk: DataChunk) -> None:
        held = self.reassembly
        self._fresh = bisect_left(held, 0, key=lambda one: distance32(one.tsn, chunk.tsn))
        held.insert(self._fresh, chunk)

    def pop_messages(self) -> Iterator[tuple[int, int, bytes]]:
        place, self._fresh = self._fresh, None
        if place is None:  # the peer gave up what is missing
            yield from super().pop_messages()
        while place is not None and (end := self._end(place)) and (start := self._start(place)) is not None:
            parts = self.reassembly[start:end]
            first, ordered = parts[0], not parts[0].flags & SCTP_DATA_UNORDERED
            if ordered and uint16_gt(first.stream_seq, self.sequence_number):
                return
            del self.reassembly[start:end]
            if ordered and first.stream_seq == self.sequence_number:
                self.sequence_number = uint16_add(self.sequence_number, 1)
            yield first.stream_id, first.protocol, b"".join(part.user_data for part in parts)
            place = self._ordered_from(start) if ordered else None

    def _ordered_from(self, place: int) -> int | None:
        """Return where the first ordered chunk waits from a place on."""
        nearest = range(place, min(len(self.reassembly), place + FRAGMENTS_MAX))
        return next((at for at in nearest if not self.reassembly[at].flags & SCTP_DATA_UNORDERED), None)

    def _start(self, place: int) -> int | None:
        """Return where the message begins that has this chunk; None when the chunks before it are not there."""
        held = self.reassembly
        for at in range(place, max(-1, place - FRAGMENTS_MAX), -1):
            if held[at].flags & SCTP_DATA_FIRST_FRAG:
                return at
            if at == 0 or tsn_plus_one(held[at - 1].tsn) != held[at].tsn:
                return None
        return None

    def _end(self, place: int) -> int | None:
        """Return where the next message begins; None when the chunks up to there are not there."""
        held = self.reassembly
        for at in range(place, min(len(held), place + FRAGMENTS_MAX)):
            if held[at].flags & SCTP_DATA_LAST_FRAG:
                return at + 1
            if at + 1 == len(held) or tsn_plus_one(held[at].tsn) != held[at + 1].tsn:
                return None
        return None


class _Association(RTCSctpTransport):
    """Takes a chunk in a time that does not depend on how many wait behind a gap."""

    @property
    def held(self) -> int:
        """Return how many chunks wait for the rest of their message, or for a message before it."""
        return sum(len(stream.reassembly) for stream in self._inbound_streams.values())

    async def _receive_data_chunk(self, chunk: DataChunk) -> None:
        last = self._last_received_tsn
        if last is None or distance32(chunk.tsn, last) > RECEIVE_WINDOW_CHUNKS:
            self._sack_needed = last is not None  # as if it were lost: it will come again
            return
        await super()._receive_data_chunk(chunk)

    def _get_inbound_stream(self, stream_id: int) -> InboundStream:
        return self._inbound_streams.setdefault(stream_id, _Stream())

    def _mark_received(self, tsn: int) -> bool:
        last, waiting = cast(int, self._last_received_tsn), self._sack_misordered
        if uint32_gte(last, tsn) or tsn in waiting:
            self._sack_duplicates.append(tsn)
            return True
        waiting.add(tsn)
        while (following := tsn_plus_one(last)) in waiting:
            waiting.remove(following)
            last = following
        if last != self._last_received_tsn:
            self._last_received_tsn = last
            self._sack_duplicates = [known for known in self._sack_duplicates if uint32_gt(known, last)]
        return False


class _Bridge:
    """What SCTP takes for its DTLS transport: never raises into aiortc's own tasks, and guards its memory."""

    _role = "server"

    def __init__(self, dtls: RTCDtlsTransport, acceptable: Callable[[bytes], bool]) -> None:
        self._dtls = dtls
        self._acceptable = acceptable
        self._sctp: _Association | None = None
        self.on_broken: Callable[[str], None] | None = None

    @property
    def state(self) -> str:
        return self._dtls.state

    def _register_data_receiver(self, receiver: _Association) -> None:
        self._sctp = receiver
        self._dtls._register_data_receiver(self)

    def _unregister_data_receiver(self, _receiver: RTCSctpTransport) -> None:
        self._dtls._unregister_data_receiver(self)
        self._sctp = None

    async def _send_data(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError, SSL.Error):
            await self._dtls._send_data(data)

    async def _handle_data(self, data: bytes) -> None:
        sctp = self._sctp
        if sctp is None or not self._acceptable(data):
            return
        try:
            await sctp._handle_data(data)
        except Exception:
            logger.info("a peer's SCTP packet could not be handled", exc_info=True)
            self._break("the peer broke the SCTP protocol")
        else:
            self._guard(sctp)

    def _guard(self, sctp: _Association) -> None:
        overdrawn = sctp._advertised_rwnd < -RECEIVE_WINDOW_BYTES or sctp.held > HELD_MAX
        if overdrawn or len(sctp._inbound_streams) > STREAMS_MAX or len(sctp._data_channels) > CHANNELS_MAX:
            self._break("the peer asked for too much memory")

    def _break(self, reason: str) -> None:
        if self.on_broken is not None:
            self.on_broken(reason)


class Channels:
    """The data channels of one connection, whoever opened them, known by their labels."""

    def __init__(self, dtls: Dtls, listener: ChannelListener, acceptable: Callable[[bytes], bool]) -> None:
        self._bridge = _Bridge(dtls.transport, acceptable)
        self._bridge.on_broken = listener.on_channels_lost
        self._sctp = _Association(cast(RTCDtlsTransport, self._bridge))
        self._listener = listener
        self._channels: dict[str, RTCDataChannel] = {}
        self._sctp.on("datachannel", self._adopt)

    async def start(self, port: int, message_max_bytes: int) -> None:
        """Start the association; the DTLS connection must be up."""
        await self._sctp.start(RTCSctpCapabilities(maxMessageSize=message_max_bytes), port)

    def open(self, label: str, *, ordered: bool, max_retransmits: int | None) -> None:
        """Open a channel from the server's side."""
        parameters = RTCDataChannelParameters(label=label, ordered=ordered, maxRetransmits=max_retransmits)
        channel = RTCDataChannel(self._sctp, parameters)
        channel.on("open", lambda: self._listener.on_channel(label))
        self._watch(channel)

    def _adopt(self, channel: RTCDataChannel) -> None:
        self._watch(channel)
        self._listener.on_channel(channel.label)

    def _watch(self, channel: RTCDataChannel) -> None:
        label = channel.label
        self._channels[label] = channel
        channel.on("message", lambda data: self._listener.on_message(label, data) if isinstance(data, bytes) else None)
        channel.on("close", lambda: self._forget(channel))

    def _forget(self, channel: RTCDataChannel) -> None:
        if self._channels.get(channel.label) is channel:
            del self._channels[channel.label]

    def labels(self) -> list[str]:
        """Name the channels that are open."""
        return [label for label, channel in self._channels.items() if channel.readyState == "open"]

    def send(self, label: str, data: bytes, *, buffered_max_bytes: int) -> bool:
        """Send on an open channel; False when there is none or too much waits on it already."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open" or channel.bufferedAmount + len(data) > buffered_max_bytes:
            return False
        channel.send(data)
        return True

    async def close(self) -> None:
        """End the association before its DTLS connection ends."""
        self._bridge.on_broken = None
        with contextlib.suppress(Exception):
            await self._sctp.stop()
        for emitter in (self._sctp, *self._channels.values()):
            emitter.remove_all_listeners()
        self._channels.clear()
