"""Every method of the server API: what it takes and who answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from livekit.protocol import room as messages

from visio.integration import participants, rooms, speech
from visio.signalling.api_tokens import ApiToken


@dataclass(frozen=True, slots=True)
class Method:
    """The protobuf class of the request, and the function that answers one."""

    request: type[Message]
    handler: Callable[[ApiToken, Any], Awaitable[Message]]


ROOM_SERVICE = {
    "CreateRoom": Method(messages.CreateRoomRequest, rooms.create),
    "ListRooms": Method(messages.ListRoomsRequest, rooms.list_rooms),
    "DeleteRoom": Method(messages.DeleteRoomRequest, rooms.delete),
    "UpdateRoomMetadata": Method(messages.UpdateRoomMetadataRequest, rooms.update_metadata),
    "ListParticipants": Method(messages.ListParticipantsRequest, participants.list_participants),
    "GetParticipant": Method(messages.RoomParticipantIdentity, participants.get),
    "RemoveParticipant": Method(messages.RoomParticipantIdentity, participants.remove),
    "MutePublishedTrack": Method(messages.MuteRoomTrackRequest, participants.mute),
    "UpdateParticipant": Method(messages.UpdateParticipantRequest, participants.update),
    "UpdateSubscriptions": Method(messages.UpdateSubscriptionsRequest, participants.subscribe),
    "ForwardParticipant": Method(messages.ForwardParticipantRequest, participants.forward),
    "MoveParticipant": Method(messages.MoveParticipantRequest, participants.move),
    "SendData": Method(messages.SendDataRequest, speech.send_data),
    "PerformRpc": Method(messages.PerformRpcRequest, speech.call),
}
SERVICES = {"livekit.RoomService": ROOM_SERVICE}
UNSERVED = frozenset(
    f"livekit.{name}" for name in ("Egress", "Ingress", "SIP", "AgentDispatchService", "Connector", "CloudAgent")
)
"""Services of LiveKit that Visio does not have: clients are told so, and not that they have the address wrong."""
