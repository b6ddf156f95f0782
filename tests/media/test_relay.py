"""Data packets between participants: who is named as the sender, who gets them, what is dropped."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall
from visio.media import data, limits
from visio.media.room import Room
from visio.media.terms import Terms

User = models.UserPacket


class Listener:
    """Takes what a guest is sent on its data channels."""

    def __init__(self, guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
        self.packets: list[tuple[str, models.DataPacket]] = []
        monkeypatch.setattr(guest.participant, "send_data", self._take)

    def _take(self, label: str, frame: bytes) -> bool:
        self.packets.append((label, models.DataPacket.FromString(frame)))
        return True


def send(hall: Hall, guest: Guest, packet: models.DataPacket | bytes, label: str = data.RELIABLE) -> Room:
    room = hall.rooms.rooms["room"]
    message = packet if isinstance(packet, bytes) else packet.SerializeToString()
    data.relay(room, guest.participant, label, message, hall.now)
    return room


async def test_true_sender_is_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    lie = User(payload=b"x", participant_identity="boss", participant_sid="PA_boss", topic="t")
    send(hall, alice, models.DataPacket(participant_identity="boss", participant_sid="PA_boss", user=lie, sequence=3))
    ((label, packet),) = listener.packets
    sid = alice.participant.sid
    assert (label, packet.sequence, packet.user.payload, packet.user.topic) == (data.RELIABLE, 3, b"x", "t")
    assert (packet.participant_identity, packet.participant_sid) == ("alice", sid)
    assert (packet.user.participant_identity, packet.user.participant_sid) == ("alice", sid)


async def test_only_the_named_receivers_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob, charlie = (hall.enter(name) for name in ("alice", "bob", "charlie"))
    to_bob, to_charlie = Listener(bob, monkeypatch), Listener(charlie, monkeypatch)
    send(hall, alice, models.DataPacket(user=User(payload=b"new"), destination_identities=["bob"]))
    send(hall, alice, models.DataPacket(user=User(payload=b"old", destination_identities=["bob"])))
    assert len(to_bob.packets) == 2
    assert not to_charlie.packets


async def test_repetitions_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    for sequence in (1, 2, 2, 1, 3, 0, 0):
        send(hall, alice, models.DataPacket(user=User(payload=b"x"), sequence=sequence))
    assert [packet.sequence for _, packet in listener.packets] == [1, 2, 3, 0, 0]


@pytest.mark.parametrize(
    "packet",
    [
        models.DataPacket(metrics=models.DataPacket().metrics),
        models.DataPacket(speaker=models.ActiveSpeakerUpdate()),
        models.DataPacket(transcription=models.Transcription()),
        b"\xff\xff",
        b"",
    ],
)
async def test_what_must_not_pass(packet: models.DataPacket | bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    room = send(hall, alice, packet)
    assert not listener.packets
    assert room.counters["data refused: malformed"] == 1


@pytest.mark.parametrize("rights", [{"can_publish_data": False}, {"hidden": True}])
async def test_without_the_right_nothing_passes(rights: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice", **rights), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    room = send(hall, alice, models.DataPacket(user=User(payload=b"x")))
    assert not listener.packets
    assert room.counters["data refused: not allowed"] == 1


async def test_unknown_channel_size_and_speed_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    packet = models.DataPacket(user=User(payload=b"x"))
    send(hall, alice, packet, "_data_track")
    send(hall, alice, bytes(limits.DEFAULT.data_message_bytes + 1))
    for _ in range(limits.DEFAULT.data_messages_per_s * limits.DATA_BURST_S + 1):
        room = send(hall, alice, packet, data.LOSSY)
    assert len(listener.packets) == limits.DEFAULT.data_messages_per_s * limits.DATA_BURST_S
    assert [room.counters[f"data refused: {why}"] for why in ("channel", "too large", "too fast")] == [1, 1, 1]


async def test_what_was_missed_is_sent_once_for_each_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to a megabyte is kept: asking for it again and again would multiply every message."""
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    listener = Listener(bob, monkeypatch)
    send(hall, alice, models.DataPacket(user=User(payload=b"x"), sequence=1))
    state = rtc.DataChannelReceiveState(publisher_sid="PA_other", last_seq=9)
    for resumes in (1, 2):
        bob.resume(bob.participant.sid)
        for _ in range(5):
            bob.say(sync_state=rtc.SyncState(datachannel_receive_states=[state]))
        assert len(listener.packets) == 1 + resumes
    assert bob.closed() is None


async def test_who_sends_to_many_may_send_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is to how many each message goes; who names one receiver has room for more."""
    hall = Hall(Terms(limits=limits.Limits(data_deliveries_per_s=3)))
    alice, bob = hall.enter("alice"), hall.enter("bob")
    for name in ("carol", "dave", "erin", "frank"):
        hall.enter(name)
    listener = Listener(bob, monkeypatch)
    for sequence in range(1, 9):
        room = send(hall, alice, models.DataPacket(user=User(payload=b"x"), sequence=sequence))
    assert len(listener.packets) == 3 * limits.DELIVERIES_BURST_S // 5
    assert room.counters["data refused: too fast"] == 2
    assert [told.reason for told in alice.responses("request_response")] == [rtc.RequestResponse.LIMIT_EXCEEDED]
    hall.now += 1
    for _ in range(5):
        send(hall, alice, models.DataPacket(user=User(payload=b"x", destination_identities=["bob"])))
    assert len(listener.packets) == 6 + 3


async def test_the_usual_in_a_large_room_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pointer that is shown to 29 others 60 times a second, and a file of 15 MB at once."""
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    for number in range(28):
        hall.enter(f"guest{number}")
    listener = Listener(bob, monkeypatch)
    for _ in range(300):
        hall.now += 1 / 60
        send(hall, alice, models.DataPacket(user=User(payload=b"x")), data.LOSSY)
    for _ in range(1000):
        send(hall, alice, models.DataPacket(user=User(payload=bytes(15_000))))
    assert len(listener.packets) == 1300


async def test_what_came_before_the_channel_was_open_is_sent_then(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice = hall.enter("alice")
    send(hall, alice, models.DataPacket(user=User(payload=b"early"), sequence=1))
    hall.now += 1
    bob = hall.enter("bob")
    room = send(hall, alice, models.DataPacket(user=User(payload=b"late"), sequence=2))
    listener = Listener(bob, monkeypatch)
    data.catch_up(room, bob.participant, {})
    assert [packet.user.payload for _, packet in listener.packets] == [b"late"]
