"""Relay of data packets: the true sender stamped, what must not pass left out, the rest untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from google.protobuf.message import DecodeError
from livekit.protocol import models

from visio import wire
from visio.media import chat
from visio.media.calls import Calls
from visio.media.chat import Chat, Line
from visio.media.limits import Limits
from visio.media.participant import Participant
from visio.media.replay import Replay, Sent

RELIABLE = "_reliable"
LOSSY = "_lossy"
CHANNELS = (RELIABLE, LOSSY)
SERVER = ""
"""The sid of the sender of what the server says itself."""
ANNOUNCED = 1
"""Its sequence number, which clients never see: who comes in gets it late, who resumes has it already."""

WITHHELD = frozenset({"metrics", "speaker", "transcription", None})
"""Metrics are for the server; speakers come from the server only; transcriptions from LiveKit agents only."""
ANSWERS = frozenset({"rpc_ack", "rpc_response"})
"""What goes to one participant because that one has asked for it."""
EXCESSES = ("too large", "too fast")
"""Refusals that the client is told of: data channels have no answers."""


class Office(Protocol):
    """What the room knows of the worker it is in."""

    @property
    def limits(self) -> Limits:
        """What one client may ask for."""


class Audience(Protocol):
    """The room, as far as data is concerned."""

    @property
    def services(self) -> Office:
        """Where the room is."""

    participants: dict[str, Participant]
    replay: Replay
    counters: Counter[str]
    calls: Calls
    chat: Chat

    def spoken(self, who: Participant, line: Line) -> None:
        """Hear of a line of chat."""


def relay(room: Audience, who: Participant, label: str, message: bytes, now: float) -> None:
    """Pass on one message that arrived on the data channel `label`; a bad one is counted and dropped."""
    refusal = _refusal(room, who, label, message, now)
    packet = _parse(message) if refusal is None else None
    if packet is None:
        _refuse(room, who, refusal or "malformed", now)
        return
    receivers = _receivers(room, who, packet)
    if not who.may.data_deliveries.take(len(receivers), now):
        _refuse(room, who, "too fast", now)
        return
    if label == RELIABLE and not _is_new(who, packet):
        room.counters["data repeated"] += 1
        return
    if refusal := _content_refusal(who, packet, now):
        _refuse(room, who, refusal, now)
    elif not room.calls.take(who, packet):
        stamp(packet, who)
        _forward(room, who, label, packet, receivers, now)
        if line := room.chat.take(who.sid, packet):
            room.spoken(who, line)


def _refuse(room: Audience, who: Participant, refusal: str, now: float) -> None:
    room.counters[f"data refused: {refusal}"] += 1
    if refusal in EXCESSES and who.may.complaints.take(1, now):
        who.complain(f"data refused: {refusal}")


def _to(packet: models.DataPacket) -> frozenset[str]:
    """Give the identities that a packet is for, none for everybody; old clients name them inside `user`."""
    return frozenset(packet.destination_identities or packet.user.destination_identities)


def _receivers(room: Audience, who: Participant, packet: models.DataPacket) -> list[Participant]:
    to = _to(packet)
    return [other for other in room.participants.values() if other is not who and (not to or other.identity in to)]


def _forward(
    room: Audience,
    who: Participant,
    label: str,
    packet: models.DataPacket,
    receivers: Sequence[Participant],
    now: float,
) -> None:
    frame = packet.SerializeToString()
    for other in receivers:
        if not other.send_data(label, frame):
            room.counters["data not delivered"] += 1
    if label == RELIABLE:
        room.replay.add(Sent(now, who.sid, packet.sequence, _to(packet), frame))


def announce(room: Audience, user: models.UserPacket, to: frozenset[str], *, reliable: bool, now: float) -> None:
    """Send a packet without a sender, which comes from the server, to the identities `to` or to everybody."""
    label = RELIABLE if reliable else LOSSY
    kind = models.DataPacket.Kind.RELIABLE if reliable else models.DataPacket.Kind.LOSSY
    packet = models.DataPacket(kind=models.DataPacket.Kind.Name(kind), user=user, destination_identities=sorted(to))
    frame = packet.SerializeToString()
    for who in room.participants.values():
        if (not to or who.identity in to) and not who.send_data(label, frame):
            room.counters["data not delivered"] += 1
    if reliable:
        room.replay.add(Sent(now, SERVER, ANNOUNCED, to, frame))


def say_line(room: Audience, order: wire.Chat) -> None:
    """Tell LiveKit's clients a line of our chat; who said it knows it already."""
    to, sids = frozenset(order.to), {who.identity: who.sid for who in room.participants.values()}
    frames = {}
    for is_old in (False, True):
        made = list(chat.packets(order, is_old_speaker=is_old))
        for packet in made:
            packet.participant_identity, packet.participant_sid = order.identity, sids.get(order.identity, "")
            packet.destination_identities.extend(sorted(to))
        frames[is_old] = [packet.SerializeToString() for packet in made]
    for who in room.participants.values():
        if (who.identity != order.identity or order.deleted) and (not to or who.identity in to):
            for frame in frames[who.sid in room.chat.old_speakers]:
                if not who.send_data(RELIABLE, frame):
                    room.counters["data not delivered"] += 1


def catch_up(room: Audience, who: Participant, received: Mapping[str, int]) -> None:
    """Send the reliable packets that a participant missed; `received` = newest sequence number by sender."""
    for frame in room.replay.missed(who.sid, who.identity, who.joined_at, received):
        who.send_data(RELIABLE, frame)


def stamp(packet: models.DataPacket, who: Participant) -> None:
    """Write the true sender over whatever the packet claims; old clients name the receivers inside `user`."""
    packet.participant_identity = who.identity
    packet.participant_sid = who.sid
    if packet.WhichOneof("value") == "user":
        packet.user.participant_identity = who.identity
        packet.user.participant_sid = who.sid
        if not packet.destination_identities:
            packet.destination_identities.extend(packet.user.destination_identities)


def _refusal(room: Audience, who: Participant, label: str, message: bytes, now: float) -> str | None:
    if label not in CHANNELS:
        return "channel"
    if not who.grant.can_publish_data or who.grant.hidden:
        return "not allowed"
    if len(message) > room.services.limits.data_message_bytes:
        return "too large"
    if not who.may.data_messages.take(1, now) or not who.may.data_bytes.take(len(message), now):
        return "too fast"
    return None


def _content_refusal(who: Participant, packet: models.DataPacket, now: float) -> str | None:
    if _to(packet) and not who.grant.private_chat and packet.WhichOneof("value") not in ANSWERS:
        return "not allowed"
    if packet.stream_header.WhichOneof("content_header") == "byte_header" and not who.grant.files:
        return "not allowed"
    return None if not chat.begins_line(packet) or who.may.chat_lines.take(1, now) else "too fast"


def _parse(message: bytes) -> models.DataPacket | None:
    try:
        packet = models.DataPacket.FromString(message)
    except DecodeError:
        return None
    return None if packet.WhichOneof("value") in WITHHELD else packet


def _is_new(who: Participant, packet: models.DataPacket) -> bool:
    """Tell whether a reliable packet is no repetition; those without a number always are new."""
    if packet.sequence == 0:
        return True
    if packet.sequence <= who.last_sequence:
        return False
    who.last_sequence = packet.sequence
    return True
