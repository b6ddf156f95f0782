"""Who is out of a room gets nothing of it any more: counted at the worker's own socket, with peers that stay on."""

from __future__ import annotations

import gc
import time
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall
from tests.media.waiting import until
from visio import wire
from visio.media import data
from visio.media.mux import Mux
from visio.media.room import Action
from visio.media.udp import UdpPath

MESSAGE = models.DataPacket(user=models.UserPacket(payload=b"secret")).SerializeToString()
WITNESSED = 50
"""Packets that go to somebody who stayed, while none goes to who is out: a second of sound."""


class LiveHall(Hall):
    """A hall whose clock goes."""

    @property
    def now(self) -> float:
        """Give the time."""
        return time.monotonic()

    @now.setter
    def now(self, _value: float) -> None:
        """Let the clock go."""


class Caller:
    """A guest with one real connection."""

    def __init__(self, hall: Hall, name: str) -> None:
        self.guest = Guest(hall, name, single=True)
        self.guest.connect(wire.Grant(name))
        self.connection = RTCPeerConnection()
        self.connection.createDataChannel("_reliable")

    async def negotiate(self) -> None:
        """Offer what the connection has, and take the answer."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        description = rtc.SessionDescription(type="offer", sdp=self.connection.localDescription.sdp, id=1)
        self.guest.say(offer=description)
        answer = self.guest.responses("answer")[-1]
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))

    def address(self) -> tuple[Any, ...]:
        """Give where the worker sends this caller's packets."""
        peer = self.guest.participant.peers()[0]
        path = peer.transport._ice.path
        assert path is not None
        return path.address

    def is_connected(self) -> bool:
        """Tell whether data passes."""
        return "_reliable" in self.guest.participant.peers()[0].transport.describe()["channels"]  # type: ignore[operator]


@pytest_asyncio.fixture
async def hall() -> AsyncIterator[LiveHall]:
    """Rooms behind a real socket."""
    mux = Mux()
    await mux.start("127.0.0.1", 0, 0, ["127.0.0.1"])
    hall = LiveHall(mux=mux)
    yield hall
    hall.rooms.close_all()
    await hall.done()
    await mux.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[Any, ...]]:
    """Count the datagrams that leave the worker, by where they go."""
    counted: Counter[tuple[Any, ...]] = Counter()
    true = UdpPath.send

    def send(path: UdpPath, packet: bytes) -> None:
        counted[path.address] += 1
        true(path, packet)

    monkeypatch.setattr(UdpPath, "send", send)
    return counted


def _remove(hall: Hall, bob: Guest) -> None:
    hall.rooms.remove(hall.rooms.rooms["room"], bob.participant, models.DisconnectReason.PARTICIPANT_REMOVED)


def _leave(_hall: Hall, bob: Guest) -> None:
    bob.say(leave=rtc.LeaveRequest())


def _fault(_hall: Hall, bob: Guest) -> None:
    bob.send(b"\xff" * 9)


def _replace(hall: Hall, bob: Guest) -> None:
    again = Guest(hall, bob.identity, single=True)
    again.session, again.channel = "another-session", "another-channel"
    again.connect(wire.Grant(bob.identity))


async def _everybody(hall: Hall) -> tuple[Caller, Caller, Caller]:
    """Let alice speak to bob and charlie."""
    alice, bob, charlie = (Caller(hall, name) for name in ("alice", "bob", "charlie"))
    alice.connection.addTrack(AudioStreamTrack())
    alice.guest.say(add_track=rtc.AddTrackRequest(cid="c", type=models.TrackType.AUDIO))
    await alice.negotiate()
    for caller in (bob, charlie):
        caller.connection.addTransceiver("audio", direction="recvonly")
        await caller.negotiate()
    for caller in (alice, bob, charlie):
        await until(caller.is_connected)
    return alice, bob, charlie


@pytest.mark.parametrize("out", [_remove, _leave, _fault, _replace])
async def test_nothing_comes_after_the_end(
    hall: LiveHall, sent: Counter[tuple[Any, ...]], out: Callable[[Hall, Guest], None]
) -> None:
    alice, bob, charlie = await _everybody(hall)
    to_bob, to_charlie, room = bob.address(), charlie.address(), hall.rooms.rooms["room"]
    before = sent[to_bob]
    await until(lambda: sent[to_bob] > before + 10)
    gone = bob.guest.participant
    out(hall, bob.guest)
    await hall.done()  # the goodbye of SCTP and DTLS is the last that is sent
    heard, frames, witnessed = sent[to_bob], len(bob.guest.responses()), sent[to_charlie]
    data.relay(room, alice.guest.participant, data.RELIABLE, MESSAGE, hall.now)
    alice.guest.say(add_track=rtc.AddTrackRequest(cid="d", type=models.TrackType.AUDIO))
    hall.enter("dave")
    await until(lambda: sent[to_charlie] > witnessed + WITNESSED)
    hall.rooms.every(lambda one: one.tick_levels(hall.now))
    assert sent[to_bob] == heard
    assert len(bob.guest.responses()) == frames
    assert not gone.send_data(data.RELIABLE, MESSAGE)
    assert not gone.active_subscriptions()
    for caller in (alice, bob, charlie):
        await caller.connection.close()


async def test_who_is_out_is_not_heard_either(hall: LiveHall, sent: Counter[tuple[Any, ...]]) -> None:
    """Packets and messages of the one who was put out go to nobody."""
    alice, bob, charlie = await _everybody(hall)
    room, gone = hall.rooms.rooms["room"], alice.guest.participant
    room.remove(gone, models.DisconnectReason.PARTICIPANT_REMOVED, Action.DISCONNECT)
    await hall.done()
    before = len(charlie.guest.responses())
    for label in data.CHANNELS:
        room._data(gone, label, MESSAGE)
    assert not room.counters
    assert not room.replay.missed("PA_x", "charlie", 0.0, {})
    alice.guest.say(update_metadata=rtc.UpdateParticipantMetadata(metadata="still here"))
    alice.guest.say(add_track=rtc.AddTrackRequest(cid="e", type=models.TrackType.AUDIO))
    assert len(charlie.guest.responses()) == before
    assert not [item for who in room.participants.values() for item in who.subscriptions]
    for caller in (alice, bob, charlie):
        await caller.connection.close()


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Do without the garbage collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _possessions(caller: Caller) -> Iterator[Any]:
    """Give what the worker holds for a caller."""
    participant = caller.guest.participant
    yield participant
    for peer in participant.peers():
        dtls = peer.transport._dtls
        yield from (peer, peer.up, peer.down, peer.transport, dtls, dtls.transport, dtls.transport._ssl)
        yield peer.transport._channels


@pytest.mark.usefixtures("uncollected")
async def test_memory_is_free_at_once(hall: LiveHall) -> None:
    """Nobody who left lives on in a circle of references, which would keep TLS, SRTP and packets for minutes."""
    callers = await _everybody(hall)
    held = [weakref.ref(one) for caller in callers for one in _possessions(caller)]
    held.append(weakref.ref(hall.rooms.rooms["room"]))
    assert len(held) > 3 * 8
    for caller in callers:
        caller.guest.say(leave=rtc.LeaveRequest())
    await hall.done()
    await until(lambda: [one() for one in held if one() is not None] == [])
    for caller in callers:
        await caller.connection.close()
