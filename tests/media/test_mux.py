"""The sockets of a worker: who is listened to, by UDP and by TCP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aioice import stun as reference

from tests.media.waiting import until
from visio.media import addresses, stun
from visio.media.framing import Deframer, frame
from visio.media.ice import Credentials, IceAgent, Path
from visio.media.mux import Mux
from visio.media.tcp import PROOF_S
from visio.media.udp import family


class Owner:
    """An owner with a real agent, that keeps what it gets."""

    def __init__(self, mux: Mux) -> None:
        self.agent = IceAgent(0.0, lambda path: mux.forget(path, self))
        self.packets: list[bytes] = []
        self.lost: list[Path] = []
        self.ticks = 0
        self.failing = False
        mux.register(self.agent.local.ufrag, self)

    def on_check(self, request: stun.Request, path: Path, now: float) -> bytes | None:
        return self.agent.check(request, path, now)

    def on_packet(self, packet: bytes, _now: float) -> None:
        if self.failing:
            raise RuntimeError
        self.packets.append(packet)

    def on_path_lost(self, path: Path) -> None:
        self.lost.append(path)
        self.agent.lose(path)

    def tick(self, _now: float) -> None:
        self.ticks += 1


@pytest.fixture
async def mux() -> AsyncIterator[Mux]:
    mux = Mux()
    await mux.start("127.0.0.1", 0, 0, ["127.0.0.1"])
    yield mux
    await mux.close()


@pytest.fixture
def peer(mux: Mux) -> Peer:
    return Peer(mux)


class Peer(asyncio.DatagramProtocol):
    """A datagram socket that keeps what comes back."""

    def __init__(self, mux: Mux) -> None:
        self.target = ("127.0.0.1", mux.udp_port)
        self.received: list[bytes] = []

    def datagram_received(self, data: bytes, _address: object) -> None:
        self.received.append(data)

    async def open(self) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, remote_addr=self.target)
        return transport


def check(credentials: Credentials, password: str | None = None) -> bytes:
    attributes = {"USERNAME": f"{credentials.ufrag}:theirs", "PRIORITY": 1, "USE-CANDIDATE": None}
    message = reference.Message(reference.Method.BINDING, reference.Class.REQUEST, bytes(12), attributes)
    message.add_message_integrity((password or credentials.password).encode())
    return bytes(message)


async def test_it_works(mux: Mux, peer: Peer) -> None:
    """A check is answered, then packets from its address reach the owner and packets go back."""
    owner, wire = Owner(mux), await peer.open()
    wire.sendto(check(owner.agent.local))
    await until(lambda: peer.received)
    answer = reference.parse_message(peer.received[0])
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == wire.get_extra_info("sockname")
    wire.sendto(b"\x80packet")
    await until(lambda: owner.packets)
    assert owner.packets == [b"\x80packet"]
    assert owner.agent.path is not None
    owner.agent.path.send(b"\x80back")
    await until(lambda: len(peer.received) == 2)
    assert peer.received[1] == b"\x80back"
    wire.close()


async def test_an_unknown_name_gets_no_answer(mux: Mux, peer: Peer) -> None:
    """Nobody can use the worker to send packets to others."""
    owner, wire = Owner(mux), await peer.open()
    wire.sendto(check(Credentials.fresh()))
    await until(lambda: mux.counters["stun_ignored"])
    wire.sendto(check(owner.agent.local, "guess"))
    await until(lambda: mux.counters["stun_refused"])
    assert peer.received == []
    wire.close()


async def test_packets_of_strangers_are_counted(mux: Mux, peer: Peer) -> None:
    """Without a check nothing reaches anybody, whatever it looks like."""
    owner, wire = Owner(mux), await peer.open()
    for packet in (b"\x80rtp", b"\x16dtls", b"\xff", b"\x00\x01", bytes(2000), b"\x16" * 1400):
        wire.sendto(packet)
    await until(lambda: mux.counters["unknown_sender"] + mux.counters["stun_ignored"] == 6)
    assert owner.packets == []
    assert peer.received == []
    wire.close()


async def test_a_failing_owner_does_not_stop_the_others(mux: Mux, peer: Peer) -> None:
    """An error of ours is counted and logged; the next packet is handled."""
    owner, wire = Owner(mux), await peer.open()
    wire.sendto(check(owner.agent.local))
    owner.failing = True
    wire.sendto(b"\x80first")
    await until(lambda: mux.counters["handler_failed"])
    owner.failing = False
    wire.sendto(b"\x80second")
    await until(lambda: owner.packets)
    wire.close()


async def test_a_forgotten_path_is_deaf(mux: Mux, peer: Peer) -> None:
    """After its owner closed, an address is a stranger's again."""
    owner, wire = Owner(mux), await peer.open()
    wire.sendto(check(owner.agent.local))
    await until(lambda: peer.received)
    owner.agent.close()
    wire.sendto(b"\x80late")
    await until(lambda: mux.counters["unknown_sender"])
    assert owner.packets == []
    wire.close()


async def test_an_address_moves_to_its_newest_owner(mux: Mux, peer: Peer) -> None:
    """A socket that passes the check of another connection belongs to that one."""
    first, second, wire = Owner(mux), Owner(mux), await peer.open()
    wire.sendto(check(first.agent.local))
    wire.sendto(check(second.agent.local))
    await until(lambda: len(peer.received) == 2)
    wire.sendto(b"\x80packet")
    await until(lambda: second.packets)
    assert first.packets == []
    assert len(first.lost) == 1
    wire.close()


async def test_tcp(mux: Mux) -> None:
    """The same over TCP, framed; the end of the connection is told."""
    owner = Owner(mux)
    reader, writer = await asyncio.open_connection("127.0.0.1", mux.tcp_port)
    writer.write(frame(check(owner.agent.local)) + frame(b"\x80packet"))
    await until(lambda: owner.packets)
    (answer,) = Deframer().feed(await reader.read(2048))
    assert reference.parse_message(answer).message_class == reference.Class.RESPONSE
    assert owner.agent.path is not None
    owner.agent.path.send(b"\x80back")
    assert Deframer().feed(await reader.read(2048)) == [b"\x80back"]
    writer.close()
    await until(lambda: owner.lost)
    assert owner.agent.path is None
    assert mux.describe()["connections"] == 0


async def test_tcp_garbage_closes_the_connection(mux: Mux) -> None:
    """A stream that cannot be packets ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", mux.tcp_port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    await until(reader.at_eof)
    writer.close()


async def test_tcp_without_a_check_is_closed(mux: Mux) -> None:
    """A connection must prove soon that somebody needs it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", mux.tcp_port)
    await until(lambda: mux.describe()["connections"] == 1)
    for connection in list(mux._connections):
        connection.tick(asyncio.get_running_loop().time() + PROOF_S + 1)
    await until(reader.at_eof)
    writer.close()


async def test_tcp_connections_that_prove_nothing_keep_nobody_out(mux: Mux, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest of them gives way to one that proves who it is."""
    monkeypatch.setattr("visio.media.mux.UNPROVEN_MAX", 4)
    owner = Owner(mux)
    silent = [await asyncio.open_connection("127.0.0.1", mux.tcp_port) for _ in range(6)]
    reader, writer = await asyncio.open_connection("127.0.0.1", mux.tcp_port)
    writer.write(frame(check(owner.agent.local)))
    assert Deframer().feed(await asyncio.wait_for(reader.read(2048), 10))
    await until(silent[0][0].at_eof)
    assert not silent[-1][0].at_eof()
    assert mux.describe()["connections"] == 4
    assert mux.counters["tcp_refused"] == 3
    for _, one in [*silent, (reader, writer)]:
        one.close()


async def test_a_slow_tcp_reader_loses_packets(mux: Mux) -> None:
    """What waits for a peer that does not read is bounded."""
    owner = Owner(mux)
    _, writer = await asyncio.open_connection("127.0.0.1", mux.tcp_port, limit=1024)
    writer.write(frame(check(owner.agent.local)))
    await until(lambda: owner.agent.path)
    (connection,) = mux._connections
    for _ in range(20_000):
        connection.send(bytes(1200))
    assert connection.dropped > 0
    writer.close()


async def test_owners_are_told_the_time(mux: Mux) -> None:
    """One timer serves every transport."""
    owner = Owner(mux)
    await until(lambda: owner.ticks)


async def test_the_answer_comes_from_the_address_that_was_asked() -> None:
    """Also when routing would choose another one: a browser asks loopback from the machine's own address."""
    mux, loop = Mux(), asyncio.get_running_loop()
    await mux.start(addresses.EVERY_ADDRESS, 0, 0, ["127.0.0.1"])
    owner = Owner(mux)
    for source in addresses.local(addresses.EVERY_ADDRESS):
        asked = "::1" if ":" in source else "127.0.0.1"
        with socket.socket(family(source), socket.SOCK_DGRAM) as wire:
            wire.setblocking(False)
            wire.bind((source, 0))
            await loop.sock_sendto(wire, check(owner.agent.local), (asked, mux.udp_port))
            answer, answered_by = await asyncio.wait_for(loop.sock_recvfrom(wire, 2048), 5)
            seen = reference.parse_message(answer).attributes["XOR-MAPPED-ADDRESS"]
            assert seen == wire.getsockname()[:2]
        assert answered_by[:2] == (asked, mux.udp_port)
    await mux.close()


async def test_tcp_is_open_in_both_families() -> None:
    """On one port, where the machine has both."""
    mux = Mux()
    await mux.start(addresses.EVERY_ADDRESS, 0, 0, ["127.0.0.1", "::1"])
    owner = Owner(mux)
    for host in ("127.0.0.1", "::1"):
        reader, writer = await asyncio.open_connection(host, mux.tcp_port)
        writer.write(frame(check(owner.agent.local)))
        (answer,) = Deframer().feed(await reader.read(2048))
        seen = reference.parse_message(answer).attributes["XOR-MAPPED-ADDRESS"]
        assert seen == writer.get_extra_info("sockname")[:2]
        writer.close()
    await mux.close()


async def test_a_taken_port_is_reported(mux: Mux) -> None:
    """Whoever starts a second worker on the same ports gets the error, and no socket stays open."""
    with pytest.raises(OSError, match="in use"):
        await Mux().start("127.0.0.1", mux.udp_port, 0, ["127.0.0.1"])
    with pytest.raises(OSError, match="in use"):
        await Mux().start("127.0.0.1", 0, mux.tcp_port, ["127.0.0.1"])


async def test_close_frees_the_ports() -> None:
    """The port can be used again at once."""
    mux = Mux()
    await mux.start("127.0.0.1", 0, 0, ["127.0.0.1"])
    port = mux.udp_port
    await mux.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", port))
