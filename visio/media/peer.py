"""One peer connection: its transport and the two legs that packets take through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from visio.media.aiortc_private import Certificate
from visio.media.down_leg import DownLeg
from visio.media.mux import Mux
from visio.media.transport import Limits, PeerTransport
from visio.media.up_leg import UpLeg


@dataclass(frozen=True, slots=True)
class PeerHooks:
    """What the owner of a peer connection wants to hear of."""

    connected: Callable[[], None]
    failed: Callable[[str], None]
    data: Callable[[str, bytes], None]
    channel: Callable[[str], None]


class Peer:
    """Gives what arrives to the legs and to its owner; a `TransportHandler`."""

    def __init__(
        self,
        mux: Mux,
        certificate: Certificate,
        hooks: PeerHooks,
        name: str,
        *,
        limits: Limits | None = None,
        tcp_only: bool = False,
    ) -> None:
        self._hooks = hooks
        self.transport = PeerTransport(mux, certificate, self, name=name, limits=limits, tcp_only=tcp_only)
        self.up = UpLeg(self.transport.outlet, mux.plane)
        self.down = DownLeg(self.transport.outlet)
        self.descriptions = 0
        self._announced = ""
        self.on_rtp = self.up.receive_rtp

    def next_version(self) -> int:
        """Count the session descriptions made for this connection."""
        self.descriptions += 1
        return self.descriptions

    def announces(self) -> bool:
        """Tell, once for each set of ICE credentials, that the candidates are to be sent."""
        before, self._announced = self._announced, self.transport.local.ufrag
        return self._announced != before

    async def hang_up(self, after_s: float) -> None:
        """End the connection in so many seconds."""
        await asyncio.sleep(after_s)
        await self.transport.close()

    def tick(self, now: float) -> None:
        """Do what the legs do regularly, every 50 ms."""
        self.up.tick(now)
        self.down.tick(now)

    def on_rtcp(self, packet: bytes, now: float) -> None:
        """Give feedback to both legs; each ignores what is not its own."""
        self.up.receive_rtcp(packet, now)
        self.down.receive_rtcp(packet, now)

    def on_connected(self) -> None:
        """Tell the owner that media can flow."""
        self._hooks.connected()

    def on_failed(self, reason: str) -> None:
        """Tell the owner that this connection is over."""
        self._hooks.failed(reason)

    def on_data(self, label: str, data: bytes) -> None:
        """Tell the owner of a message on a data channel."""
        self._hooks.data(label, data)

    def on_channel(self, label: str) -> None:
        """Tell the owner that a data channel is open."""
        self._hooks.channel(label)
