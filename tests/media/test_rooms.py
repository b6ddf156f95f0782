"""Joining, leaving and resuming, as the others in the room hear of it."""

from __future__ import annotations

from livekit.protocol import models, rtc

from tests.media.hall import Hall
from visio import wire
from visio.media.participant import DEPARTURE_S, JOIN_S, SILENCE_S
from visio.media.room import Action, Room

Reason = models.DisconnectReason
State = models.ParticipantInfo.State


async def test_join_is_answered_with_what_clients_need() -> None:
    hall = Hall()
    alice = hall.enter("alice", name="Alice", attributes={"kind": "agent"})
    (joined,) = alice.responses("join")
    assert joined.room.sid.startswith("RM_")
    assert joined.room.name == "room"
    assert joined.participant.sid.startswith("PA_")
    assert joined.participant.attributes == {"kind": "agent"}
    assert joined.server_info.version
    assert joined.subscriber_primary
    assert (joined.ping_interval, joined.ping_timeout) == (5, 15)
    names = [codec.mime for codec in joined.enabled_publish_codecs]
    assert names == ["audio/opus", "video/VP8", "video/H264", "video/VP9", "video/AV1"]
    assert hall.claims == 1


async def test_first_offer_of_two_connections_has_the_data_section() -> None:
    alice = Hall().enter("alice")
    (offer,) = alice.responses("offer")
    assert offer.sdp.count("\nm=") == 1
    assert "m=application" in offer.sdp


async def test_one_connection_gets_no_offer() -> None:
    assert not Hall().enter("alice", single=True).responses("offer")


async def test_others_hear_of_a_join_and_the_joiner_of_the_others() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    assert alice.sees()["bob"].state == State.JOINED
    assert bob.sees()["alice"].identity == "alice"


async def test_client_protocol_and_capabilities_are_mirrored() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    info = models.ClientInfo(client_protocol=2, capabilities=[models.ClientInfo.Capability.CAP_PACKET_TRAILER])
    bob.channel = "another"
    bob.connect(wire.Grant("bob"), rtc.JoinRequest(client_info=info))
    assert alice.sees()["bob"].client_protocol == 2
    assert list(alice.sees()["bob"].capabilities) == [models.ClientInfo.Capability.CAP_PACKET_TRAILER]


async def test_hidden_participant_is_seen_by_nobody() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    ghost = hall.enter("ghost", hidden=True)
    assert "alice" in ghost.sees()
    assert "ghost" not in alice.sees()
    assert alice.hall.rooms.rooms["room"].info().num_participants == 1
    ghost.say(leave=rtc.LeaveRequest())
    assert "ghost" not in alice.sees()


async def test_goodbye_ends_it_for_everybody() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    bob.say(leave=rtc.LeaveRequest())
    assert alice.sees()["bob"].state == State.DISCONNECTED
    assert alice.sees()["bob"].disconnect_reason == Reason.CLIENT_INITIATED
    closed = bob.closed()
    assert closed is not None
    assert closed.code == 1000
    assert [one.session for one in hall.departures] == [bob.session]


async def test_last_one_out_ends_the_room() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.say(leave=rtc.LeaveRequest())
    await hall.done()
    assert hall.released == ["room"]
    assert not hall.rooms.rooms


async def test_same_identity_puts_the_first_out() -> None:
    hall = Hall()
    first = hall.enter("alice")
    second = hall.enter("bob")
    second.session, second.channel = "other-session", "other-channel"
    second.connect(wire.Grant("alice"))
    (leave,) = first.responses("leave")
    assert (leave.reason, leave.action) == (Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
    assert [one.session for one in hall.departures] == [first.session]


async def test_lost_socket_is_kept_then_given_up() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice"), hall.enter("bob")
    for guest in (alice, bob):
        guest.participant.active_at = hall.now
    hall.rooms.disconnect(wire.Disconnect(bob.session, bob.channel))
    _pass(hall, DEPARTURE_S - 1, alive=alice.participant)
    assert bob.participant.sid
    _pass(hall, 2, alive=alice.participant)
    assert alice.sees()["bob"].disconnect_reason == Reason.SIGNAL_CLOSE
    assert hall.departures[0].reason == Reason.SIGNAL_CLOSE


async def test_media_that_never_connects_ends_the_join() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    _pass(hall, JOIN_S + 1, alive=alice.participant)
    (leave,) = alice.responses("leave")
    assert leave.reason == Reason.CONNECTION_TIMEOUT
    assert not hall.rooms.rooms


async def test_socket_that_says_nothing_is_closed_for_a_resume() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.participant.active_at = hall.now
    _pass(hall, SILENCE_S + 1)
    closed = alice.closed()
    assert closed is not None
    assert closed.code == 4001
    assert alice.participant.lost_at == hall.now


async def test_resume_finds_everything() -> None:
    hall = Hall()
    alice, bob, charlie = (hall.enter(name) for name in ("alice", "bob", "charlie"))
    sid = alice.participant.sid
    hall.rooms.disconnect(wire.Disconnect(alice.session, alice.channel))
    charlie.say(leave=rtc.LeaveRequest())
    alice.resume(sid)
    cases = [response.WhichOneof("message") for response in alice.responses()]
    assert cases == ["reconnect", "update", "room_update", "offer"]
    seen = alice.sees()
    assert seen["charlie"].state == State.DISCONNECTED
    assert {seen["alice"].sid, seen["bob"].sid} == {sid, bob.participant.sid}
    assert not hall.departures or hall.departures[0].session == charlie.session


async def test_resume_of_two_connections_restarts_ice() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    (before,) = alice.responses("offer")
    alice.resume(alice.participant.sid)
    (after,) = alice.responses("offer")
    assert _ufrag(before.sdp) != _ufrag(after.sdp)


async def test_resume_of_somebody_unknown_means_to_join_anew() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.resume("PA_unknown")
    (leave,) = alice.responses("leave")
    assert (leave.reason, leave.action) == (Reason.STATE_MISMATCH, Action.RECONNECT)


async def test_resume_in_no_room_makes_none() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.say(leave=rtc.LeaveRequest())
    alice.resume("PA_gone")
    assert not hall.rooms.rooms


async def test_old_socket_does_not_end_the_new_one() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    old = alice.channel
    alice.resume(alice.participant.sid)
    hall.rooms.disconnect(wire.Disconnect(alice.session, old))
    assert alice.participant.lost_at is None


async def test_room_that_another_worker_owns_is_left() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    hall.rooms.lose("room", "other")
    (leave,) = alice.responses("leave")
    assert leave.action == Action.RECONNECT


async def test_ending_worker_sends_everybody_elsewhere() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    hall.rooms.close_all()
    (leave,) = alice.responses("leave")
    assert (leave.reason, leave.action) == (Reason.SERVER_SHUTDOWN, Action.RECONNECT)


def _pass(hall: Hall, seconds: float, alive: object = None) -> None:
    hall.now += seconds
    if alive is not None:
        alive.line.heard = hall.now  # type: ignore[attr-defined]
    hall.rooms.every(lambda room: Room.tick_presence(room, hall.now))


def _ufrag(sdp: str) -> str:
    return next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag"))
