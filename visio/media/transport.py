"""One peer connection as a whole: ICE finds the way, DTLS makes the keys, SRTP and data channels carry the rest."""

from __future__ import annotations

import asyncio
import enum
import logging
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from visio.media import candidates, sctp_guard, stun
from visio.media.aiortc_private import SRTP_ERRORS, Certificate, Channels, Dtls
from visio.media.ice import IceAgent, Path
from visio.media.mux import Mux
from visio.media.negotiation import LocalParameters, RemoteParameters

logger = logging.getLogger("visio.media")

MESSAGE_MAX_BYTES = 64 * 1024
LOSSY = ("_lossy", "_data_track")
HEARD_S = 10.0
"""Four of libwebrtc's checks of a connection that works."""


class TransportState(enum.Enum):
    """How far a connection has come."""

    NEW = "new"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, and how much to keep for a slow receiver."""

    connect_s: float = 30.0
    consent_s: float = 30.0  # RFC 7675 section 5.1
    reliable_bytes: int = 4 * 1024 * 1024
    lossy_bytes: int = 256 * 1024
    message_bytes: int = MESSAGE_MAX_BYTES  # announced to the peer


class TransportHandler(Protocol):
    """Who owns a transport."""

    def on_connected(self) -> None:
        """Media can flow; called once."""

    def on_failed(self, reason: str) -> None:
        """The connection is lost for good; called once, then `close` is due."""

    def on_rtp(self, packet: bytes, now: float, /) -> None:
        """A plain RTP packet came."""

    def on_rtcp(self, packet: bytes, now: float, /) -> None:
        """A plain RTCP packet came."""

    def on_data(self, label: str, data: bytes) -> None:
        """A message came on the data channel with this label."""

    def on_channel(self, label: str) -> None:
        """The data channel with this label is open."""


class PeerTransport:
    """The server's end of one peer connection; always ICE-lite and the DTLS server."""

    def __init__(
        self,
        mux: Mux,
        certificate: Certificate,
        handler: TransportHandler,
        *,
        name: str = "",
        limits: Limits | None = None,
        tcp_only: bool = False,
    ) -> None:
        now = time.monotonic()
        self.state = TransportState.NEW
        self.counters: Counter[str] = Counter()
        self.outlet = mux.plane.outlet(self.counters)
        self._mux, self._certificate, self._handler, self._name = mux, certificate, handler, name
        self._limits = limits or Limits()
        self._tcp_only = tcp_only
        self._deadline = now + self._limits.connect_s
        self._session = secrets.randbits(62)
        self._ice = IceAgent(now, lambda path: mux.forget(path, self))
        self._names: set[str] = set()
        self._dtls = Dtls(certificate, self._send, self._on_dtls_ended)
        self._channels: Channels | None = None
        self._wanted: list[str] = []
        self._remote: RemoteParameters | None = None
        self._restarting = False
        self._task: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._register()

    @property
    def local(self) -> LocalParameters:
        """What to announce to the peer now."""
        credentials = self._ice.local
        return LocalParameters(
            ufrag=credentials.ufrag,
            password=credentials.password,
            fingerprint=self._certificate.fingerprint,
            candidates=tuple(c for c in self._mux.candidates if not self._tcp_only or candidates.is_tcp(c)),
            session=self._session,
            message_max_bytes=self._limits.message_bytes,
        )

    def accept(self, remote: RemoteParameters) -> None:
        """Take the parameters of an offer or answer; new ICE credentials of the peer mean an ICE restart."""
        known, self._remote = self._remote, remote
        if self._over():
            return
        if known is not None and known.fingerprints != remote.fingerprints:
            self._fail("the peer changed its certificate")
        elif known is not None and known.ufrag != remote.ufrag and not self._restarting:
            self.restart_ice()
        self._restarting = False
        self._advance()

    def restart_ice(self) -> None:
        """Make new credentials for the next offer or answer; the old ones stay valid until the new ones are in use."""
        if self._over():
            return
        self._ice.restart(time.monotonic())
        self._restarting = True
        self._register()

    def create_channels(self, labels: Sequence[str]) -> None:
        """Open data channels from this side, at once or when the connection is up."""
        self._wanted += labels
        self._open_wanted()

    def send_data(self, label: str, data: bytes) -> bool:
        """Send a message; False when the channel is not open, the message too long or the receiver too slow."""
        limit = self._limits.lossy_bytes if label in LOSSY else self._limits.reliable_bytes
        fits = len(data) <= MESSAGE_MAX_BYTES
        if fits and self._channels is not None and self._channels.send(label, data, buffered_max_bytes=limit):
            return True
        self.counters["data_dropped"] += 1
        return False

    def is_heard(self, now: float) -> bool:
        """Tell whether the peer is there: clients check their connection every few seconds."""
        return self.state is TransportState.CONNECTED and now - self._ice.heard < HEARD_S

    @property
    def way(self) -> str:
        """Name how packets get to the peer: udp, tcp, or none yet."""
        path = self._ice.path
        return "none" if path is None else type(path).__name__.removesuffix("Path").lower()

    def describe(self) -> dict[str, object]:
        """Return the state of the connection, for a dump."""
        path = self._ice.path
        return {
            "name": self._name,
            "state": self.state.value,
            "path": type(path).__name__.removesuffix("Path").lower() if path is not None else None,
            "address": ":".join(map(str, path.address[:2])) if path is not None else None,
            "silent_s": round(time.monotonic() - self._ice.heard, 1),
            "channels": self._channels.labels() if self._channels is not None else [],
            "counters": dict(self.counters),
        }

    async def close(self) -> None:
        """End everything and leave nothing behind."""
        if self.state is TransportState.CLOSED:
            return
        self._set_state(TransportState.CLOSED)
        tasks = [task for task in (self._task, self._starting) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._channels is not None:
            await self._channels.close()
            self._channels = None
        await self._dtls.close()
        self._ice.close()
        for name in self._names:
            self._mux.unregister(name)
        self._names.clear()
        del self._handler  # who owns this transport: a cycle would live until the garbage collector comes by

    def on_check(self, request: stun.Request, path: Path, now: float) -> bytes | None:
        """Judge a check of the peer; the first genuine one lets DTLS begin."""
        answer = self._ice.check(request, path, now)
        if answer is not None:
            self._aim()
            self._advance()
        return answer

    def on_packet(self, packet: bytes, now: float) -> None:
        """Open a packet of the peer and hand it on (RFC 7983 section 7, RFC 5761 section 4)."""
        first = packet[0] if len(packet) > 1 else 0
        if 128 <= first < 192:
            if self.state is not TransportState.CONNECTED:
                self.counters["early"] += 1
            elif 192 <= packet[1] < 224:
                self._on_srtcp(packet, now)
            else:
                self._on_srtp(packet, now)
        elif 20 <= first < 64 and not self._over():
            self._dtls.feed(packet)
        else:
            self.counters["unknown"] += 1

    def _on_srtp(self, packet: bytes, now: float) -> None:
        try:
            plain = self._dtls.unprotect(packet)
        except SRTP_ERRORS:
            self.counters["srtp_refused"] += 1
            return
        self._handler.on_rtp(plain, now)

    def _on_srtcp(self, packet: bytes, now: float) -> None:
        try:
            plain = self._dtls.unprotect_rtcp(packet)
        except SRTP_ERRORS:
            self.counters["srtp_refused"] += 1
            return
        self._handler.on_rtcp(plain, now)

    def on_path_lost(self, path: Path) -> None:
        """Use another path, if the peer has one."""
        self._ice.lose(path)
        self._aim()

    def tick(self, now: float) -> None:
        """Give up on a peer that never came or that has gone."""
        self._ice.tick(now)
        for name in self._names - set(self._ice.ufrags):
            self._mux.unregister(name)
        self._names &= set(self._ice.ufrags)
        if self.state in (TransportState.NEW, TransportState.CONNECTING) and now > self._deadline:
            self._fail("the peer did not connect in time")
        elif self.state is TransportState.CONNECTED and now > self._ice.heard + self._limits.consent_s:
            self._fail("the peer fell silent")

    def on_channel(self, label: str) -> None:
        """Pass on that a data channel is open."""
        self._handler.on_channel(label)

    def on_message(self, label: str, data: bytes) -> None:
        """Pass on a message that is not too long."""
        if len(data) > MESSAGE_MAX_BYTES:
            self.counters["data_refused"] += 1
        else:
            self._handler.on_data(label, data)

    def on_channels_lost(self, reason: str) -> None:
        """End the connection of a peer whose data channels broke."""
        self._fail(reason)

    def _register(self) -> None:
        for name in self._ice.ufrags:
            self._mux.register(name, self)
            self._names.add(name)

    def _send(self, packet: bytes) -> None:
        if self._ice.path is not None:
            self._ice.path.send(packet)

    def _aim(self) -> None:
        """Send media to the path that the peer has chosen, for as long as the connection lives."""
        self.outlet.aim(None if self._over() else self._ice.path)

    def _advance(self) -> None:
        if self._over() or self._remote is None or self._ice.path is None:
            return
        if self.state is TransportState.NEW:
            self._set_state(TransportState.CONNECTING)
            self._task = asyncio.get_running_loop().create_task(self._connect(self._remote))
        elif self.state is TransportState.CONNECTED:
            self._start_channels()

    async def _connect(self, remote: RemoteParameters) -> None:
        try:
            connected = await self._dtls.handshake(remote.fingerprints)
        except Exception:
            logger.info("transport %s: the DTLS handshake broke", self._name, exc_info=True)
            connected = False
        if not connected:
            self._fail("the DTLS handshake failed")
            return
        self.outlet.open(self._dtls.keys())
        self._set_state(TransportState.CONNECTED)
        self._start_channels()
        self._handler.on_connected()

    def _start_channels(self) -> None:
        remote = self._remote
        if remote is None or remote.sctp_port is None or self._channels is not None:
            return
        self._channels = Channels(self._dtls, self, sctp_guard.acceptable)
        started = self._channels.start(remote.sctp_port, remote.message_max_bytes)
        self._starting = asyncio.get_running_loop().create_task(started)
        self._open_wanted()

    def _open_wanted(self) -> None:
        while self._channels is not None and self._wanted:
            label = self._wanted.pop(0)
            lossy = label in LOSSY
            self._channels.open(label, ordered=not lossy, max_retransmits=0 if lossy else None)

    def _on_dtls_ended(self) -> None:
        self._fail("the peer closed the connection")

    def _over(self) -> bool:
        return self.state in (TransportState.FAILED, TransportState.CLOSED)

    def _fail(self, reason: str) -> None:
        if not self._over():
            self._set_state(TransportState.FAILED)
            self._handler.on_failed(reason)

    def _set_state(self, state: TransportState) -> None:
        logger.debug("transport %s: %s -> %s", self._name, self.state.value, state.value)
        self.state = state
        self._aim()
