"""A real aiortc peer against our transport: every layer over loopback."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from av import AudioFrame

from tests.media.waiting import until
from visio.media import negotiation, sdp
from visio.media.aiortc_private import Certificate
from visio.media.mux import Mux
from visio.media.negotiation import Sending, Slot
from visio.media.transport import MESSAGE_MAX_BYTES, Limits, PeerTransport, TransportState

CERTIFICATE = Certificate.generate()


@dataclass
class Recorder:
    """A handler that keeps what it is told."""

    connected: int = 0
    failures: list[str] = field(default_factory=list)
    rtp: list[bytes] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    data: list[tuple[str, bytes]] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)

    def on_connected(self) -> None:
        self.connected += 1

    def on_failed(self, reason: str) -> None:
        self.failures.append(reason)

    def on_rtp(self, packet: bytes, _now: float) -> None:
        self.rtp.append(packet)

    def on_rtcp(self, packet: bytes, _now: float) -> None:
        self.rtcp.append(packet)

    def on_data(self, label: str, data: bytes) -> None:
        self.data.append((label, data))

    def on_channel(self, label: str) -> None:
        self.channels.append(label)


@pytest.fixture
async def mux() -> AsyncIterator[Mux]:
    mux = Mux()
    await mux.start("127.0.0.1", 0, 0, ["127.0.0.1"])
    yield mux
    await mux.close()


@pytest.fixture
async def client() -> AsyncIterator[RTCPeerConnection]:
    client = RTCPeerConnection()
    yield client
    await client.close()


async def answer_to(client: RTCPeerConnection, transport: PeerTransport) -> list[negotiation.Negotiated]:
    """Let the client offer, and answer it."""
    await client.setLocalDescription(await client.createOffer())
    offer = sdp.parse(client.localDescription.sdp)
    transport.accept(negotiation.remote_parameters(offer))
    answer, settled = negotiation.answer(offer, transport.local)
    await client.setRemoteDescription(RTCSessionDescription(answer.text(), "answer"))
    return settled


async def test_it_works(mux: Mux, client: RTCPeerConnection) -> None:
    """A client publishes sound and opens channels: RTP and messages come through, both ways."""
    client.addTrack(AudioStreamTrack())
    channel = client.createDataChannel("_reliable")
    received: list[object] = []
    channel.on("message", received.append)
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    settled = await answer_to(client, transport)

    await until(lambda: len(handler.rtp) > 5 and handler.channels)
    up = settled[0].up
    assert up is not None
    assert {packet[1] & 0x7F for packet in handler.rtp} == {up.payload_type}
    channel.send(b"hello")
    await until(lambda: handler.data)
    assert handler.data == [("_reliable", b"hello")]
    assert transport.send_data("_reliable", b"welcome")
    await until(lambda: received)
    assert received == [b"welcome"]
    await until(lambda: handler.rtcp)
    assert (handler.connected, handler.failures) == (1, [])
    await transport.close()


async def test_the_server_opens_channels_and_sends_media(mux: Mux, client: RTCPeerConnection) -> None:
    """The subscriber's connection: the server offers, opens the channels and sends a track."""
    messages: list[tuple[str, object]] = []
    channels: list[RTCDataChannel] = []

    def adopt(channel: RTCDataChannel) -> None:
        channels.append(channel)
        channel.on("message", lambda data: messages.append((channel.label, data)))

    client.on("datachannel", adopt)
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    transport.create_channels(["_reliable", "_lossy"])
    sending = Sending("PA_a|camera", "TR_a", 1234, "PA_a")
    offer, proposed = negotiation.offer(transport.local, [Slot("a", "audio", sending)])
    await client.setRemoteDescription(RTCSessionDescription(offer.text(), "offer"))
    await client.setLocalDescription(await client.createAnswer())
    answer = sdp.parse(client.localDescription.sdp)
    transport.accept(negotiation.remote_parameters(answer))
    assert [one.mid for one in negotiation.accepted(offer, answer, proposed)] == [one.mid for one in proposed]

    await until(lambda: sorted(handler.channels) == ["_lossy", "_reliable"])
    assert transport.send_data("_lossy", b"one")
    await until(lambda: messages)
    assert messages == [("_lossy", b"one")]
    assert not next(channel for channel in channels if channel.label == "_lossy").ordered
    receiver = client.getReceivers()[0]
    for number in range(50):
        header = bytes([0x80, 111]) + number.to_bytes(2, "big") + (number * 960).to_bytes(4, "big")
        transport.outlet.send_rtp(header + (1234).to_bytes(4, "big") + b"\xf8\xff\xfe")
    mux.plane.flush()
    frame = await asyncio.wait_for(receiver.track.recv(), 10)
    assert isinstance(frame, AudioFrame)
    assert frame.sample_rate == 48_000
    await transport.close()


async def test_data_limits(mux: Mux, client: RTCPeerConnection) -> None:
    """Too long a message, an unknown channel and a receiver that is too slow are told to the caller."""
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler, limits=Limits(reliable_bytes=200_000))
    await answer_to(client, transport)
    await until(lambda: handler.channels)
    assert not transport.send_data("_reliable", bytes(MESSAGE_MAX_BYTES + 1))
    assert not transport.send_data("_other", b"x")
    sent = [transport.send_data("_reliable", bytes(50_000)) for _ in range(20)]
    assert sent[0] is True
    assert sent[-1] is False
    await transport.close()


async def test_a_wrong_certificate_is_refused(mux: Mux, client: RTCPeerConnection) -> None:
    """A peer whose certificate is not the announced one does not get in."""
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await client.setLocalDescription(await client.createOffer())
    offer = sdp.parse(client.localDescription.sdp)
    offer.sections[0].fingerprints = [CERTIFICATE.fingerprint]
    transport.accept(negotiation.remote_parameters(offer))
    answer, _ = negotiation.answer(offer, transport.local)
    await client.setRemoteDescription(RTCSessionDescription(answer.text(), "answer"))
    await until(lambda: handler.failures)
    assert handler.failures == ["the DTLS handshake failed"]
    assert handler.connected == 0
    await transport.close()


async def test_a_peer_that_never_comes_is_reported(mux: Mux) -> None:
    """The connection fails after the time that the limits give it."""
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler, limits=Limits(connect_s=0.2))
    await until(lambda: handler.failures)
    assert handler.failures == ["the peer did not connect in time"]
    await transport.close()


async def test_a_peer_that_falls_silent_is_reported(mux: Mux, client: RTCPeerConnection) -> None:
    """Consent ends when no check comes any more."""
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await answer_to(client, transport)
    await until(lambda: handler.connected)
    transport.tick(time.monotonic() + 31)
    assert handler.failures == ["the peer fell silent"]
    await transport.close()


async def test_a_peer_that_closes_is_reported(mux: Mux) -> None:
    """The DTLS goodbye of the peer ends the connection at once."""
    client = RTCPeerConnection()
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await answer_to(client, transport)
    await until(lambda: handler.channels)
    await client.close()
    await until(lambda: handler.failures)
    assert handler.failures == ["the peer closed the connection"]
    await transport.close()


async def test_nothing_is_sent_without_a_connection(mux: Mux) -> None:
    """Packets for a peer that is not there are counted."""
    transport = PeerTransport(mux, CERTIFICATE, Recorder())
    transport.outlet.send_rtp(bytes(20))
    transport.outlet.send_rtcp(bytes(20))
    assert not transport.send_data("_lossy", b"x")
    assert transport.counters == {"rtp_unsent": 1, "rtcp_unsent": 1, "data_dropped": 1}
    await transport.close()
    assert transport.state is TransportState.CLOSED


async def test_garbage_is_counted(mux: Mux, client: RTCPeerConnection) -> None:
    """Packets that no layer takes end in a counter, and the connection goes on."""
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await answer_to(client, transport)
    await until(lambda: handler.channels)
    for packet in (b"", b"\x00", b"\xff" * 50, b"\x80\x60" + bytes(40), b"\x80\xc8" + bytes(40), bytes([0x80] * 2000)):
        transport.on_packet(packet, 0.0)
    transport.on_packet(b"\x16" * 100, 0.0)
    assert transport.counters["srtp_refused"] == 3
    assert transport.counters["unknown"] == 3
    assert transport.send_data("_reliable", b"still here")
    assert handler.failures == []
    await transport.close()


async def test_an_oversized_packet_is_dropped(mux: Mux, client: RTCPeerConnection) -> None:
    """A packet longer than libsrtp's buffer is counted, not raised."""
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await answer_to(client, transport)
    await until(lambda: handler.connected)
    transport.outlet.send_rtp(b"\x80\x60" + bytes(1498))
    assert transport.counters["rtp_unsent"] == 1
    await transport.close()


async def test_an_ice_restart_keeps_the_connection(mux: Mux, client: RTCPeerConnection) -> None:
    """New credentials of the peer give new ones of ours; what runs goes on meanwhile."""
    channel = client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    await answer_to(client, transport)
    await until(lambda: handler.channels and channel.readyState == "open")
    before = transport.local.ufrag
    offer = sdp.parse(client.localDescription.sdp)
    for section in offer.sections:
        section.ufrag = "other"
    transport.accept(negotiation.remote_parameters(offer))
    assert transport.local.ufrag != before
    channel.send(b"goes on")
    await until(lambda: handler.data)
    transport.restart_ice()
    after = transport.local.ufrag
    transport.accept(negotiation.remote_parameters(sdp.parse(client.localDescription.sdp)))
    assert transport.local.ufrag == after
    assert handler.failures == []
    await transport.close()


async def test_closed_transports_leave_nothing_behind(mux: Mux) -> None:
    """Fifty connections are opened and closed: no task, path, name or object is left."""
    tasks = asyncio.all_tasks()
    left: list[weakref.ref[PeerTransport]] = []
    for _ in range(10):
        await asyncio.gather(*(open_and_close(mux, left) for _ in range(5)))
    await until(lambda: asyncio.all_tasks() == tasks)
    assert [one() for one in left if one() is not None] == []
    assert {name: mux.describe()[name] for name in ("owners", "paths", "connections")} == {
        "owners": 0,
        "paths": 0,
        "connections": 0,
    }


async def open_and_close(mux: Mux, left: list[weakref.ref[PeerTransport]]) -> None:
    client = RTCPeerConnection()
    client.createDataChannel("_reliable")
    handler = Recorder()
    transport = PeerTransport(mux, CERTIFICATE, handler)
    left.append(weakref.ref(transport))
    await answer_to(client, transport)
    await until(lambda: handler.channels)
    await transport.close()
    await client.close()
