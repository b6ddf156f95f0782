"""How good a participant's connection is, from both of its directions."""

from __future__ import annotations

from livekit.protocol import models, rtc

from tests.media import streams_of
from tests.media.hall import Guest, Hall
from tests.media.streams_of import AUDIO
from visio.media import quality

Grade = models.ConnectionQuality


def publisher(hall: Hall, name: str) -> Guest:
    """Give somebody who has a connection to publish over, with a microphone."""
    guest = hall.enter(name, single=True)
    assert guest.participant.publisher is not None
    guest.participant.publisher.up.add(AUDIO)
    return guest


def send(guest: Guest, seconds: int, *, lose: int = 0) -> None:
    """Send 50 packets a second, of which every `lose`-th is lost."""
    peer, hall = guest.participant.publisher, guest.hall
    assert peer is not None
    for _ in range(seconds * 50):
        hall.now += 0.02
        number = round(hall.now * 50)
        if not lose or number % lose:
            peer.up.receive_rtp(streams_of.packet(sequence=number, timestamp=number * 960), hall.now)
        peer.up.tick(hall.now)


def told(guest: Guest) -> dict[str, int]:
    """Give the newest grade of everybody, as somebody was told."""
    updates = [item for told in guest.responses("connection_quality") for item in told.updates]
    return {item.participant_sid: item.quality for item in updates}


async def test_everybody_learns_of_a_publisher_whose_packets_are_lost() -> None:
    hall = Hall()
    alice, bob = publisher(hall, "alice"), hall.enter("bob")
    room, sid = hall.rooms.rooms["room"], alice.participant.sid
    send(alice, 5)
    room.tick_quality()
    assert told(bob)[sid] == Grade.EXCELLENT
    send(alice, 5, lose=5)
    room.tick_quality()
    assert told(bob)[sid] == Grade.POOR
    send(alice, 10)
    room.tick_quality()
    assert told(bob)[sid] == Grade.EXCELLENT
    assert told(bob)[bob.participant.sid] == Grade.EXCELLENT


async def test_a_little_loss_is_good() -> None:
    alice = publisher(Hall(), "alice")
    send(alice, 10, lose=20)
    assert quality.rate(alice.participant) == Grade.GOOD


async def test_of_who_gets_nothing_the_round_trip_of_the_socket_counts() -> None:
    alice = publisher(Hall(), "alice")
    send(alice, 2)
    alice.say(ping_req=rtc.Ping(timestamp=1, rtt=900))
    assert quality.rate(alice.participant) == Grade.GOOD
    alice.say(ping_req=rtc.Ping(timestamp=1, rtt=30))
    assert quality.rate(alice.participant) == Grade.EXCELLENT
