"""Questions of web: answered with what is, done as asked, refused in Twirp's words."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc
from livekit.protocol import room as service

from tests.media.hall import Hall
from visio import wire
from visio.media import calls
from visio.media.answers import CALL_BYTES, Answers
from visio.media.participant import Participant
from visio.media.terms import Terms

NAMES = ("room_started", "participant_connection_aborted", "room_finished")


def ask(hall: Hall, question: Any) -> wire.Answer | None:
    """Ask as web does; give the answer, if there is one yet."""
    before = len(hall.reports)
    Answers(hall.rooms, hall.post, lambda: hall.now).answer(question)
    fresh = [report for report in hall.reports[before:] if isinstance(report, wire.Answer)]
    return fresh[0] if fresh else None


def body(hall: Hall, question: Any) -> bytes:
    """Give the body of an answer without error."""
    answer = ask(hall, question)
    assert answer is not None
    assert not answer.error
    return answer.body


async def test_rooms_and_people_are_described() -> None:
    hall = Hall()
    hall.enter("alice")
    hall.enter("ghost", hidden=True)
    (room,) = service.ListRoomsResponse.FromString(body(hall, wire.Describe("r", "c", ""))).rooms
    assert (room.sid, room.num_participants) == (wire.room_sid("room"), 1)
    described = rtc.JoinResponse.FromString(body(hall, wire.Describe("r", "c", "room")))
    assert [one.identity for one in described.other_participants] == ["alice", "ghost"]


async def test_a_room_is_told_anew() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    about = wire.About("Guichet", "queue", 5, 1000)
    room = models.Room.FromString(body(hall, wire.Announce("r", "c", "room", about)))
    assert (room.name, room.metadata, room.max_participants) == ("Guichet", "queue", 5)
    assert alice.responses("room_update")[-1].room == room
    assert hall.enter("bob").responses("join")[0].room.metadata == "queue"


async def test_a_participant_is_changed() -> None:
    hall = Hall()
    alice, bob = hall.enter("alice", attributes={"a": "1"}), hall.enter("bob")
    grant = wire.Grant("alice", can_publish=False)
    question = wire.Update("r", "c", "room", alice.session, grant, "Alice", "", {"a": "", "b": "2"})
    info = models.ParticipantInfo.FromString(body(hall, question))
    assert (info.name, dict(info.attributes), info.permission.can_publish) == ("Alice", {"b": "2"}, False)
    assert bob.sees()["alice"] == info
    assert alice.responses("update")[-1].participants[0] == info
    large = wire.Update("r", "c", "room", alice.session, grant, "", "", {"c": "x" * 20_000})
    answer = ask(hall, large)
    assert answer is not None
    assert answer.error == "resource_exhausted"
    assert "c" not in alice.participant.attributes


@pytest.mark.parametrize(
    "question",
    [
        wire.Describe("r", "c", "another"),
        wire.Announce("r", "c", "another", wire.About()),
        wire.Say("r", "c", "another", b"", True, (), ()),
        wire.Update("r", "c", "room", "nobody", wire.Grant("x"), "", "", {}),
        wire.Subscribe("r", "c", "room", "nobody", (), True),
        wire.Subscribe("r", "c", "room", "session-of-alice", ("TR_x",), True),
        wire.Call("r", "c", "room", "nobody", "m", "", 1),
        wire.Mute("room", "session-of-alice", "TR_x", True, "r", "c"),
    ],
    ids=lambda question: type(question).__name__,
)
async def test_what_is_not_there_is_not_found(question: Any) -> None:
    hall = Hall()
    hall.enter("alice")
    answer = ask(hall, question)
    assert answer is not None
    assert (answer.request, answer.error) == ("r", "not_found")


async def test_an_order_to_mute_needs_no_answer() -> None:
    hall = Hall()
    hall.enter("alice")
    assert ask(hall, wire.Mute("room", "nobody", "TR_x", muted=True)) is None


async def test_broken_packets_are_malformed() -> None:
    hall = Hall()
    hall.enter("alice")
    answer = ask(hall, wire.Say("r", "c", "room", b"\xff", True, (), ()))
    assert answer is not None
    assert answer.error == "malformed"


# --- calls ----------------------------------------------------------------------------------------------


class Callee:
    """Somebody with an open data channel."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, hall: Hall, who: Participant) -> None:
        self.hall = hall
        self.who = who
        self.got: list[models.DataPacket] = []
        monkeypatch.setattr(who, "send_data", self._take)

    def _take(self, _label: str, frame: bytes) -> bool:
        self.got.append(models.DataPacket.FromString(frame))
        return True

    def reply(self, **value: Any) -> bool:
        """Send a packet that may belong to a call."""
        room = self.hall.rooms.rooms["room"]
        return room.calls.take(self.who, models.DataPacket(**value))


def call(hall: Hall, timeout_ms: int = 20_000) -> wire.Answer | None:
    return ask(hall, wire.Call("r", "c", "room", "session-of-alice", "greet", "hello", timeout_ms))


def last(hall: Hall) -> wire.Answer:
    answer = hall.reports[-1]
    assert isinstance(answer, wire.Answer)
    return answer


async def test_a_call_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice = Callee(monkeypatch, hall, hall.enter("alice").participant)
    assert call(hall) is None
    (packet,) = alice.got
    assert (packet.participant_identity, packet.rpc_request.method) == (calls.CALLER, "greet")
    request = packet.rpc_request.id
    assert alice.reply(rpc_ack=models.RpcAck(request_id=request))
    assert alice.reply(rpc_response=models.RpcResponse(request_id=request, payload="fine"))
    assert last(hall) == wire.Answer("r", b"fine")
    assert not alice.reply(rpc_response=models.RpcResponse(request_id=request, payload="again"))


async def test_nobody_answers_for_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    alice = Callee(monkeypatch, hall, hall.enter("alice").participant)
    mallory = Callee(monkeypatch, hall, hall.enter("mallory").participant)
    call(hall)
    request = alice.got[0].rpc_request.id
    assert not mallory.reply(rpc_ack=models.RpcAck(request_id=request))
    assert not mallory.reply(rpc_response=models.RpcResponse(request_id=request, payload="forged"))


async def test_calls_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a reaction soon, without an answer in time, or with the one who was called."""
    hall = Hall()
    guest = hall.enter("alice")
    alice = Callee(monkeypatch, hall, guest.participant)
    room = hall.rooms.rooms["room"]
    call(hall)
    room.calls.tick(hall.now + calls.ACK_S)
    assert (last(hall).error, last(hall).rpc) == ("deadline_exceeded", calls.CONNECTION_TIMEOUT)
    call(hall)
    alice.reply(rpc_ack=models.RpcAck(request_id=alice.got[-1].rpc_request.id))
    room.calls.tick(hall.now + 19)
    room.calls.tick(hall.now + 20)
    assert last(hall).rpc == calls.RESPONSE_TIMEOUT
    call(hall)
    hall.rooms.close("room", 0)
    answers = [report for report in hall.reports if isinstance(report, wire.Answer)]
    assert (answers[-1].error, answers[-1].rpc) == ("unavailable", calls.RECIPIENT_DISCONNECTED)


async def test_calls_without_a_channel_or_too_large_fail() -> None:
    hall = Hall()
    hall.enter("alice")
    answer = call(hall)
    assert answer is not None
    assert answer.rpc == calls.SEND_FAILED
    large = wire.Call("r", "c", "room", "session-of-alice", "m", "x" * (CALL_BYTES + 1), 1000)
    answer = ask(hall, large)
    assert answer is not None
    assert answer.error == "invalid_argument"


# --- happenings -----------------------------------------------------------------------------------------


async def test_what_happens_is_reported_in_order() -> None:
    hall = Hall(Terms(reports=True))
    hall.enter("alice").say(leave=rtc.LeaveRequest())
    assert [one.event.event for one in hall.happened] == list(NAMES)
    aborted = hall.happened[1]
    assert (aborted.room, aborted.session) == ("room", "session-of-alice")
    assert aborted.event.participant.identity == "alice"
    assert aborted.event.participant.state == models.ParticipantInfo.State.DISCONNECTED
    assert len({one.event.id for one in hall.happened}) == 3
    assert '"participant_connection_aborted"' in aborted.to_dict()["event"]


async def test_nothing_is_reported_when_nobody_asks() -> None:
    hall = Hall()
    hall.enter("alice").say(leave=rtc.LeaveRequest())
    assert hall.happened == []
