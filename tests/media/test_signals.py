"""What each signalling message does, and what a hostile client gets for it."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from tests.media.hall import Guest, Hall
from visio import wire
from visio.media import limits

Source = models.TrackSource
Kind = models.TrackType
Refusal = rtc.RequestResponse.Reason


def announce(guest: Guest, cid: str = "cid", source: int = Source.CAMERA) -> models.TrackInfo:
    guest.say(add_track=rtc.AddTrackRequest(cid=cid, type=Kind.VIDEO, source=Source.Name(source), width=640))
    track: models.TrackInfo = guest.responses("track_published")[-1].track
    return track


# --- presence -------------------------------------------------------------------------------------------


async def test_pings_are_answered() -> None:
    alice = Hall().enter("alice")
    alice.say(ping=5)
    alice.say(ping_req=rtc.Ping(timestamp=7, rtt=3))
    assert alice.responses("pong")[0] > 0
    assert alice.responses("pong_resp")[0].last_ping_timestamp == 7


async def test_simulations_and_unknown_messages_do_nothing() -> None:
    alice = Hall().enter("alice")
    before = len(alice.responses())
    alice.say(simulate=rtc.SimulateScenario(node_failure=True))
    alice.send(b"\xfa\x3f\x01x")
    assert len(alice.responses()) == before
    assert alice.closed() is None


# --- tracks ---------------------------------------------------------------------------------------------


async def test_announced_track_is_described() -> None:
    track = announce(Hall().enter("alice"))
    assert track.sid.startswith("TR_")
    assert (track.mime_type, track.codecs[0].mime_type, track.codecs[0].cid) == ("video/VP8", "video/VP8", "cid")


async def test_repeated_announcement_gives_the_same_track() -> None:
    alice = Hall().enter("alice")
    assert announce(alice).sid == announce(alice).sid


async def test_forbidden_source_is_refused() -> None:
    alice = Hall().enter("alice", sources=("microphone",))
    alice.say(add_track=rtc.AddTrackRequest(cid="cid", type=Kind.VIDEO, source=Source.CAMERA))
    (answer,) = alice.responses("request_response")
    assert (answer.reason, answer.add_track.cid) == (Refusal.NOT_ALLOWED, "cid")
    assert not alice.responses("track_published")


@pytest.mark.parametrize("stream", ["", "camera", "screen_share", "my-stream.2", "{3f2a}", "a|b"])
async def test_streams_that_clients_name_are_taken(stream: str) -> None:
    alice = Hall().enter("alice")
    alice.say(add_track=rtc.AddTrackRequest(cid="cid", type=Kind.VIDEO, source=Source.CAMERA, stream=stream))
    (published,) = alice.responses("track_published")
    assert published.track.stream == stream


@pytest.mark.parametrize("stream", ["two words", "x\r\na=ssrc:1 cname:y", "tab\t", "x\u2028y", "caf\u00e9"])
async def test_streams_that_would_write_into_descriptions_are_refused(stream: str) -> None:
    alice = Hall().enter("alice")
    alice.say(add_track=rtc.AddTrackRequest(cid="cid", type=Kind.VIDEO, source=Source.CAMERA, stream=stream))
    (answer,) = alice.responses("request_response")
    assert (answer.reason, answer.add_track.cid) == (Refusal.NOT_ALLOWED, "cid")
    assert not alice.responses("track_published")
    assert alice.closed() is None


async def test_too_many_tracks_are_refused() -> None:
    alice = Hall().enter("alice")
    for number in range(limits.DEFAULT.participant_tracks):
        announce(alice, f"cid{number}")
    alice.say(add_track=rtc.AddTrackRequest(cid="more", type=Kind.VIDEO, source=Source.CAMERA))
    assert alice.responses("request_response")[0].reason == Refusal.LIMIT_EXCEEDED


async def test_mute_is_told() -> None:
    alice = Hall().enter("alice")
    track = announce(alice)
    alice.say(mute=rtc.MuteTrackRequest(sid=track.sid, muted=True))
    found = alice.participant.publishing.find(track.sid)
    assert found is not None
    assert found.info.muted


async def test_who_lost_the_right_cannot_unmute() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    track = announce(alice)
    alice.participant.grant = wire.Grant("alice", can_publish=False)
    alice.say(mute=rtc.MuteTrackRequest(sid=track.sid, muted=False))
    assert alice.responses("request_response")[0].reason == Refusal.NOT_ALLOWED
    assert alice.responses("mute")[0].muted


async def test_new_picture_size_is_noted() -> None:
    alice = Hall().enter("alice")
    track = announce(alice)
    alice.say(update_video_track=rtc.UpdateLocalVideoTrack(track_sid=track.sid, width=320, height=180))
    found = alice.participant.publishing.find(track.sid)
    assert found is not None
    assert (found.info.width, found.info.height) == (320, 180)


# --- metadata -------------------------------------------------------------------------------------------


async def test_own_data_may_change_with_the_right() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice", can_update_metadata=True), hall.enter("bob")
    change = rtc.UpdateParticipantMetadata(name="Al", metadata="x", attributes={"hand": "1"}, request_id=4)
    alice.say(update_metadata=change)
    (answer,) = alice.responses("request_response")
    assert (answer.request_id, answer.reason) == (4, Refusal.OK)
    seen = bob.sees()["alice"]
    assert (seen.name, seen.metadata, dict(seen.attributes)) == ("Al", "x", {"hand": "1"})


async def test_empty_attribute_is_deleted() -> None:
    alice = Hall().enter("alice", can_update_metadata=True)
    for value in ("1", ""):
        alice.say(update_metadata=rtc.UpdateParticipantMetadata(attributes={"hand": value}))
    assert alice.participant.attributes == {}


@pytest.mark.parametrize(
    ("rights", "change", "reason"),
    [
        ({}, {"name": "x"}, Refusal.NOT_ALLOWED),
        ({"can_update_metadata": True, "attributes": {"role": "guest"}}, {"attributes": {"role": "owner"}}, 2),
        ({"can_update_metadata": True}, {"metadata": "x" * 20_000}, Refusal.LIMIT_EXCEEDED),
        ({"can_update_metadata": True}, {"name": "x" * 300}, Refusal.LIMIT_EXCEEDED),
        ({"can_update_metadata": True}, {"attributes": {"a": "x" * 20_000}}, Refusal.LIMIT_EXCEEDED),
    ],
)
async def test_own_data_is_refused(rights: dict[str, Any], change: dict[str, Any], reason: int) -> None:
    alice = Hall().enter("alice", **rights)
    before = dict(alice.participant.attributes)
    alice.say(update_metadata=rtc.UpdateParticipantMetadata(**change))
    assert alice.responses("request_response")[0].reason == reason
    assert alice.participant.attributes == before


# --- hostile clients ------------------------------------------------------------------------------------

OVERLONG = rtc.AddTrackRequest(cid="c" * 1000, type=Kind.VIDEO, source=Source.CAMERA)
LAYERED = rtc.AddTrackRequest(cid="c", type=Kind.VIDEO, source=Source.CAMERA, layers=[models.VideoLayer()] * 50)
GREEDY = rtc.UpdateSubscription(track_sids=["TR_x"] * 5000, subscribe=True)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"offer": rtc.SessionDescription(type="offer", sdp="garbage")}, 1007),
        ({"offer": rtc.SessionDescription(type="offer", sdp="v=0\r\n" * 100_000)}, 1007),
        ({"answer": rtc.SessionDescription(type="answer", sdp="garbage", id=1)}, 1007),
        ({"sync_state": rtc.SyncState()}, 1002),
        ({"add_track": OVERLONG}, 1008),
        ({"add_track": LAYERED}, 1008),
        ({"subscription": GREEDY}, 1008),
        ({"track_setting": rtc.UpdateTrackSettings(track_sids=["TR_x"] * 5000)}, 1008),
    ],
)
async def test_bad_message_closes_its_connection_and_no_other(message: dict[str, object], code: int) -> None:
    hall = Hall()
    mallory, bob = hall.enter("mallory"), hall.enter("bob")
    mallory.say(**message)
    closed = mallory.closed()
    assert closed is not None
    assert closed.code == code
    assert closed.reason
    assert bob.closed() is None
    assert list(hall.rooms.rooms["room"].participants) == [bob.participant.sid]


async def test_garbage_closes_with_1007() -> None:
    hall = Hall()
    mallory = hall.enter("mallory")
    mallory.send(b"\xff\xff\xff")
    closed = mallory.closed()
    assert closed is not None
    assert closed.code == 1007


async def test_malformed_join_closes_with_1007() -> None:
    hall = Hall()
    order = wire.Connect("s", "c", "room", "Room", wire.Grant("mallory"), False, b"\xff\xff")
    hall.rooms.connect(order)
    assert hall.reports == [wire.Close("c", 1007, "the join request is not well formed")]
    assert not hall.rooms.rooms


async def test_bad_offer_in_the_join_leaves_no_room_behind() -> None:
    hall = Hall()
    mallory = Guest(hall, "mallory", single=True)
    offer = rtc.SessionDescription(type="offer", sdp="garbage")
    mallory.connect(wire.Grant("mallory"), rtc.JoinRequest(publisher_offer=offer))
    closed = mallory.closed()
    assert closed is not None
    assert closed.code == 1007
    assert hall.released == ["room"]


async def test_answer_where_the_server_makes_no_offers_closes_with_1002() -> None:
    mallory = Hall().enter("mallory", single=True)
    mallory.say(answer=rtc.SessionDescription(type="answer", sdp="", id=1))
    closed = mallory.closed()
    assert closed is not None
    assert closed.code == 1002


async def test_too_many_offers_close_with_1008() -> None:
    hall = Hall()
    mallory = hall.enter("mallory")
    mallory.participant.may.offers.take(limits.DEFAULT.offers_per_minute, hall.now)
    mallory.say(offer=rtc.SessionDescription(type="offer", sdp="garbage"))
    closed = mallory.closed()
    assert closed is not None
    assert closed.code == 1008


async def test_gap_in_the_numbers_lets_the_client_resume() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.sequence += 1
    alice.say(ping=1)
    closed = alice.closed()
    assert closed is not None
    assert closed.code == 4001
    assert alice.participant.lost_at == hall.now


async def test_unknown_channel_is_told() -> None:
    hall = Hall()
    Guest(hall, "nobody", single=False).say(ping=1)
    assert hall.reports == [wire.Close("channel-of-nobody", 4001, "unknown channel")]
