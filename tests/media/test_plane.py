"""What every data plane must do, seen by peers with the keys, over real sockets."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterator

import pylibsrtp
import pytest

from tests.media import streams_of
from tests.media.streams_of import IDS, VP8, vp8
from visio.media import extensions
from visio.media.aiortc_private import PROFILES, SrtpKeys
from visio.media.codecs import UNSHIFTED, codec_of
from visio.media.congestion.history import SendHistory
from visio.media.plane import Plane
from visio.media.python_plane import PythonPlane
from visio.media.rtp import Packet
from visio.media.sections import DownSection
from visio.media.serial import low16
from visio.media.udp import Endpoint, UdpPath
from visio.media.vp8 import Vp8

PLANES = (PythonPlane,)
LONGEST = 1_350


class Peer:
    """Somebody who gets what a plane sends: a socket, the keys, and a way through the plane."""

    def __init__(
        self, plane: Plane, endpoint: Endpoint, ssrc: int, profile: int = 0, *, numbered: bool = False
    ) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.counters: Counter[str] = Counter()
        self.history = SendHistory()
        self.section = DownSection("9", 101, ssrc, "PA_x", extensions=IDS if numbered else {})
        self.keys = _keys(profile)
        self.path = UdpPath(endpoint, self.socket.getsockname(), self.counters)
        self.outlet = plane.outlet(self.counters)
        self.route = plane.route(self.outlet, self.history, self.section, codec_of("video/VP8"))
        policy = pylibsrtp.Policy(
            self.keys.secret, pylibsrtp.Policy.SSRC_ANY_INBOUND, srtp_profile=PROFILES[profile].libsrtp_profile
        )
        self._srtp = pylibsrtp.Session(policy)

    def connect(self) -> None:
        """Give the plane the keys and the address."""
        self.outlet.open(self.keys)
        self.outlet.aim(self.path)

    def datagrams(self) -> list[bytes]:
        """Return what has come, decrypted."""
        found = []
        while True:
            try:
                found.append(self._srtp.unprotect(self.socket.recv(2048)))
            except BlockingIOError:
                return found

    def packets(self) -> list[Packet]:
        """Return the RTP packets that have come."""
        return [streams_of.read(data) for data in self.datagrams()]


def _keys(number: int) -> SrtpKeys:
    profile = PROFILES[number]
    secret = os.urandom(profile.key_length + profile.salt_length)
    return SrtpKeys(profile.libsrtp_profile, profile.openssl_profile.decode(), secret)


@pytest.fixture(params=PLANES)
def plane(request: pytest.FixtureRequest) -> Plane:
    made: Plane = request.param()
    return made


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint("127.0.0.1", 0)
    yield endpoint
    endpoint.socket.close()


def arrived(index: int, body: bytes = b"body", *, picture: int = 1) -> Packet:
    """Return a VP8 packet as a layer hands it on."""
    payload = vp8(picture, 5, body=body)
    data = streams_of.packet(payload, payload_type=VP8, sequence=index, timestamp=9000, marker=True)
    packet = streams_of.read(data, now=2.0)
    Vp8().inspect(packet)
    packet.index = index
    return packet


@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_everybody_gets_the_packet_under_numbers_of_their_own(plane: Plane, endpoint: Endpoint, profile: int) -> None:
    peers = [Peer(plane, endpoint, 9000 + n, profile) for n in range(3)]
    for number, peer in enumerate(peers):
        peer.connect()
        peer.route.aim(10, 100 * number, 7 * number, UNSHIFTED)
    sent = arrived(10)
    plane.forward(sent, [peer.route for peer in peers])
    plane.flush()
    for number, peer in enumerate(peers):
        (packet,) = peer.packets()
        assert (packet.ssrc, packet.payload_type, packet.marker) == (9000 + number, 101, 0x80)
        assert (packet.sequence, packet.timestamp) == (10 + 100 * number, 9000 + 7 * number)
        assert packet.payload == sent.payload
        assert (peer.route.packets, peer.route.octets) == (1, len(sent.payload))
        assert (peer.route.newest, peer.route.last) == (10 + 100 * number, sent)


def test_numbers_wrap(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 65_535, 2**32 - 9000, UNSHIFTED)
    for index in (0, 1):
        plane.forward(arrived(index), [peer.route])
    plane.flush()
    assert [(packet.sequence, packet.timestamp) for packet in peer.packets()] == [(65_535, 0), (0, 0)]


def test_a_burst_arrives_whole_and_in_order(plane: Plane, endpoint: Endpoint) -> None:
    """Whatever the sizes: equal ones, a shorter last one, longer ones after it, and more than one buffer holds."""
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    sizes = [1100] * 6 + [300, 1100, 1200, 1200, 20, 20, 20] + [50] * 70 + [1200] * 30 + [1]
    for index, size in enumerate(sizes):
        plane.forward(arrived(index, bytes(size)), [peer.route])
    plane.flush()
    got = peer.packets()
    assert [packet.sequence for packet in got] == list(range(len(sizes)))
    head = len(arrived(0, b"").payload)
    assert [len(packet.payload) - head for packet in got] == sizes


def test_after_a_flush_nothing_is_sent_twice(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    plane.forward(arrived(0), [peer.route])
    plane.flush()
    plane.flush()
    assert len(peer.packets()) == 1


def test_what_came_before_the_first_packet_is_not_sent(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    plane.forward(arrived(4), [peer.route])
    peer.route.aim(5, 0, 0, UNSHIFTED)
    for index in (4, 5):
        plane.forward(arrived(index), [peer.route])
    plane.flush()
    assert [packet.sequence for packet in peer.packets()] == [5]
    assert peer.route.packets == 1


def test_a_late_packet_is_sent_and_the_newest_stays(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    newest = arrived(2)
    for packet in (newest, arrived(1)):
        plane.forward(packet, [peer.route])
    plane.flush()
    assert [packet.sequence for packet in peer.packets()] == [2, 1]
    assert (peer.route.newest, peer.route.last) == (2, newest)


def test_picture_numbers_are_shifted(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 0, 0, (3, 250))
    plane.forward(arrived(0, picture=32_766), [peer.route])
    plane.flush()
    (packet,) = peer.packets()
    Vp8().inspect(packet)
    assert packet.numbers == (1, 255, 2)


def test_packets_of_a_connection_are_numbered_and_noted(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000, numbered=True)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    first = peer.history.next
    for index in range(3):
        plane.forward(arrived(index), [peer.route])
    plane.flush()
    elements = [packet.elements[IDS[extensions.TRANSPORT_SEQUENCE]] for packet in peer.packets()]
    assert elements == [low16(first + n).to_bytes(2, "big") for n in range(3)]
    (noted,) = peer.history.arrivals(first, [5], 1)
    assert (noted.sent_s, noted.size_bytes) == (2.0, len(arrived(0).payload) + 64)


def test_nothing_leaves_before_the_keys_and_the_address_are_there(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.route.aim(0, 0, 0, UNSHIFTED)
    plane.forward(arrived(0), [peer.route])
    peer.outlet.open(peer.keys)
    plane.forward(arrived(1), [peer.route])
    peer.outlet.send_rtcp(bytes(8))
    plane.flush()
    assert peer.datagrams() == []
    assert peer.counters == {"rtp_unsent": 2, "rtcp_unsent": 1}


def test_what_waits_goes_where_it_was_meant_to(plane: Plane, endpoint: Endpoint) -> None:
    """A peer that moves gets later packets at its new address."""
    peer, other = Peer(plane, endpoint, 9000), Peer(plane, endpoint, 9001)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    plane.forward(arrived(0), [peer.route])
    peer.outlet.aim(other.path)
    plane.forward(arrived(1), [peer.route])
    plane.flush()
    assert [packet.sequence for packet in peer.packets()] == [0]
    assert len(other.socket.recv(2048)) > 12


def test_a_packet_that_fits_no_path_is_counted(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.route.aim(0, 0, 0, UNSHIFTED)
    overhead = 12 + len(arrived(0, b"").payload)
    for index, size in enumerate((LONGEST - overhead, LONGEST - overhead + 1, 10)):
        plane.forward(arrived(index, bytes(size)), [peer.route])
    plane.flush()
    assert [packet.sequence for packet in peer.packets()] == [0, 2]
    assert peer.counters == {"rtp_unsent": 1}


def test_reports_leave_at_once(plane: Plane, endpoint: Endpoint) -> None:
    peer = Peer(plane, endpoint, 9000)
    peer.connect()
    peer.outlet.send_rtcp(bytes((0x80, 201, 0, 1, 0, 0, 0, 1)))
    assert peer.socket.recv(2048)[:2] == bytes((0x80, 201))


def test_a_path_without_segmentation_gets_one_by_one(endpoint: Endpoint) -> None:
    """The kernel refuses a train that is too long as it refuses one on a path that is too narrow."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.setblocking(False)
        path = UdpPath(endpoint, peer.getsockname(), Counter())
        path.send_train(memoryview(bytes(range(200))), 1)
        assert [peer.recv(10) for _ in range(200)] == [bytes((n,)) for n in range(200)]
