"""What one client may ask for: each limit is a setting, and each refusal reaches the client."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from suite import env
from tests.media.hall import Guest, Hall
from visio import wire
from visio.media import config, data
from visio.media.errors import CloseCode
from visio.media.limits import CAPABILITIES, PICTURES_RECEIVED_MOST, SECTIONS, SOUNDS_RECEIVED, TRACK_BYTES, Limits
from visio.media.room import Action
from visio.media.terms import Terms

Reason = models.DisconnectReason
Refusal = rtc.RequestResponse.Reason
CAMERA = rtc.AddTrackRequest(cid="c", type=models.TrackType.VIDEO, source=models.TrackSource.CAMERA)
SETTINGS = {
    "MEDIA_ROOM_PARTICIPANTS": "room_participants",
    "MEDIA_PARTICIPANT_TRACKS": "participant_tracks",
    "MEDIA_OFFERS_PER_MINUTE": "offers_per_minute",
    "MEDIA_CHANGES_PER_MINUTE": "changes_per_minute",
    "MEDIA_DATA_MESSAGE_BYTES": "data_message_bytes",
    "MEDIA_DATA_MESSAGES_PER_S": "data_messages_per_s",
    "MEDIA_DATA_DELIVERIES_PER_S": "data_deliveries_per_s",
    "MEDIA_DATA_BYTES_PER_S": "data_bytes_per_s",
}


def turned_away(guest: Guest) -> bool:
    """Tell whether somebody was told that the room is full, for good."""
    leaves = [(leave.reason, leave.action) for leave in guest.responses("leave")]
    closed = guest.closed()
    return leaves == [(Reason.JOIN_FAILURE, Action.DISCONNECT)] and closed is not None and closed.code == 1000


def closed_for_excess(guest: Guest) -> bool:
    """Tell whether somebody was told to go, and not to come back by itself."""
    leaves = [(leave.reason, leave.action) for leave in guest.responses("leave")]
    closed = guest.closed()
    assert closed is not None
    return leaves == [(Reason.STATE_MISMATCH, Action.DISCONNECT)] and closed.code == CloseCode.POLICY


@pytest.mark.parametrize("name", SETTINGS)
def test_every_limit_is_a_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.read(0).terms.limits == Limits()
    monkeypatch.setenv(name, "2000")
    assert getattr(config.read(0).terms.limits, SETTINGS[name]) == 2000
    monkeypatch.setenv(name, "many")
    with pytest.raises(env.SettingError, match=name):
        config.read(0)


def test_pictures_received_are_limited_by_the_sections_of_a_description(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_PICTURES_RECEIVED", str(PICTURES_RECEIVED_MOST))
    assert config.read(0).terms.limits.pictures_received == PICTURES_RECEIVED_MOST
    assert SOUNDS_RECEIVED + PICTURES_RECEIVED_MOST + Limits().participant_tracks < SECTIONS
    monkeypatch.setenv("MEDIA_PICTURES_RECEIVED", str(PICTURES_RECEIVED_MOST + 1))
    with pytest.raises(env.SettingError, match="MEDIA_PICTURES_RECEIVED"):
        config.read(0)


async def test_a_full_room_takes_nobody_more() -> None:
    hall = Hall(Terms(limits=Limits(room_participants=2)))
    alice, bob, charlie = (hall.enter(name) for name in ("alice", "bob", "charlie"))
    assert turned_away(charlie)
    assert not charlie.responses("join")
    assert {info.identity for info in alice.sees().values()} == {"bob"}
    bob.say(leave=rtc.LeaveRequest())
    dave = hall.enter("dave")
    assert dave.responses("join")


async def test_who_comes_again_has_a_place() -> None:
    hall = Hall(Terms(limits=Limits(room_participants=2)))
    hall.enter("alice")
    bob = hall.enter("bob")
    again = Guest(hall, "bob", single=True)
    again.session, again.channel = "another-session", "another-channel"
    again.connect(wire.Grant("bob"))
    assert again.responses("join")
    assert bob.responses("leave")[0].reason == Reason.DUPLICATE_IDENTITY


async def test_hidden_participants_take_no_place_and_tell_nothing() -> None:
    hall = Hall(Terms(limits=Limits(room_participants=1)))
    hall.enter("ghost", hidden=True)
    alice = hall.enter("alice")
    assert alice.responses("join")
    assert hall.enter("another-ghost", hidden=True).responses("join")
    assert turned_away(hall.enter("bob"))


async def test_tracks_are_limited() -> None:
    alice = Hall(Terms(limits=Limits(participant_tracks=1))).enter("alice")
    for cid in ("one", "two"):
        alice.say(add_track=rtc.AddTrackRequest(cid=cid, type=models.TrackType.VIDEO))
    assert [item.cid for item in alice.responses("track_published")] == ["one"]
    (refusal,) = alice.responses("request_response")
    assert (refusal.reason, refusal.message) == (Refusal.LIMIT_EXCEEDED, "too many tracks")


async def test_tracks_announced_at_the_join_are_limited() -> None:
    alice = Guest(Hall(Terms(limits=Limits(participant_tracks=2))), "alice", single=False)
    announced = [rtc.AddTrackRequest(cid=str(n), type=models.TrackType.AUDIO) for n in range(500)]
    alice.connect(wire.Grant("alice"), rtc.JoinRequest(add_track_requests=announced))
    assert len(alice.responses("track_published")) == 2
    assert not alice.responses("request_response")


@pytest.mark.parametrize("field", ["layers", "simulcast_codecs", "audio_features", "packet_trailer_features"])
async def test_the_description_of_a_track_is_limited(field: str) -> None:
    """Everybody in the room is sent it, again with every change."""
    rid = models.VideoLayer(rid="x" * TRACK_BYTES)
    long: dict[str, object] = {
        "layers": [rid],
        "simulcast_codecs": [rtc.SimulcastCodec(codec="vp8", layers=[rid])],
        "audio_features": [0] * TRACK_BYTES,
        "packet_trailer_features": [0] * TRACK_BYTES,
    }
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    request = rtc.AddTrackRequest(cid="c", type=models.TrackType.VIDEO, **{field: long[field]})  # type: ignore[arg-type]
    alice.say(add_track=request)
    assert [item.reason for item in alice.responses("request_response")] == [Refusal.LIMIT_EXCEEDED]
    assert not alice.responses("track_published")
    assert not bob.sees()["alice"].tracks if "alice" in bob.sees() else True


async def test_layers_are_not_made_long_later() -> None:
    alice = Hall().enter("alice")
    alice.say(add_track=CAMERA)
    (published,) = alice.responses("track_published")
    layers = [models.VideoLayer(rid="x" * TRACK_BYTES)]
    alice.say(update_layers=rtc.UpdateVideoLayers(track_sid=published.track.sid, layers=layers))
    publication = alice.participant.publishing.find(published.track.sid)
    assert publication is not None
    assert publication.info.ByteSize() < TRACK_BYTES


async def test_capabilities_are_not_multiplied() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    bob = Guest(hall, "bob", single=False)
    client = models.ClientInfo(capabilities=[1] * 100_000 + list(range(100)))  # type: ignore[arg-type]
    bob.connect(wire.Grant("bob"), rtc.JoinRequest(client_info=client))
    assert len(alice.sees()["bob"].capabilities) <= CAPABILITIES
    assert alice.sees()["bob"].ByteSize() < 1000


async def test_offers_are_limited() -> None:
    hall = Hall(Terms(limits=Limits(offers_per_minute=3)))
    alice, bob = hall.enter("alice"), hall.enter("bob")
    alice.participant.may.offers.take(3, hall.now)
    alice.say(offer=rtc.SessionDescription(type="offer", sdp="v=0"))
    assert closed_for_excess(alice)
    assert bob.closed() is None


async def test_changes_that_everybody_is_told_of_are_limited() -> None:
    hall = Hall(Terms(limits=Limits(changes_per_minute=4)))
    alice, bob = hall.enter("alice", can_update_metadata=True), hall.enter("bob")
    before = len(bob.responses("update"))
    for number in range(10):
        alice.say(update_metadata=rtc.UpdateParticipantMetadata(metadata=str(number), request_id=number))
    answers = [item.reason for item in alice.responses("request_response")]
    assert answers == [Refusal.OK] * 4 + [Refusal.LIMIT_EXCEEDED] * 6
    assert len(bob.responses("update")) - before == 4
    hall.now += 15
    alice.say(update_metadata=rtc.UpdateParticipantMetadata(metadata="later", request_id=11))
    assert bob.sees()["alice"].metadata == "later"


async def test_a_flood_of_mutes_ends_the_stay() -> None:
    alice = Hall(Terms(limits=Limits(changes_per_minute=4))).enter("alice")
    alice.say(add_track=CAMERA)
    (published,) = alice.responses("track_published")
    for number in range(5):
        alice.say(mute=rtc.MuteTrackRequest(sid=published.track.sid, muted=bool(number % 2)))
    assert closed_for_excess(alice)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(data_message_bytes=1024), "too large"),
        (Limits(data_messages_per_s=1), "too fast"),
        (Limits(data_bytes_per_s=1024), "too fast"),
    ],
)
async def test_who_sends_too_much_data_is_told(limits: Limits, why: str) -> None:
    hall = Hall(Terms(limits=limits))
    alice = hall.enter("alice")
    room = hall.rooms.rooms["room"]
    packet = models.DataPacket(user=models.UserPacket(payload=bytes(1500))).SerializeToString()
    for _ in range(50):
        data.relay(room, alice.participant, data.LOSSY, packet, hall.now)
    (told,) = alice.responses("request_response")
    assert (told.reason, told.message) == (Refusal.LIMIT_EXCEEDED, f"data refused: {why}")
    assert room.counters[f"data refused: {why}"] > 40


async def test_the_size_of_messages_is_announced() -> None:
    alice = Hall(Terms(limits=Limits(data_message_bytes=2048))).enter("alice")
    (offer,) = alice.responses("offer")
    assert "a=max-message-size:2048" in offer.sdp
