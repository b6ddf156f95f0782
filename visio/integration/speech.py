"""RoomService, as far as the server itself speaks to clients: data packets and remote calls."""

from __future__ import annotations

from django.conf import settings
from livekit.protocol import models, room

from visio import wire
from visio.integration import grants
from visio.integration.errors import invalid
from visio.integration.participants import session_of
from visio.signalling import client
from visio.signalling.api_tokens import ApiToken
from visio.signalling.client import ANSWER_TIMEOUT_S

CALL_TIMEOUT_MS = 10_000
CALL_TIMEOUT_MAX_MS = 60_000
RECEIVERS_MAX = 10_000


async def send_data(token: ApiToken, request: room.SendDataRequest) -> room.SendDataResponse:
    """Send a data packet without a sender to everybody, or to those named."""
    place = await grants.administered(token, request.room)
    if len(request.data) > settings.MEDIA_DATA_MESSAGE_BYTES:
        raise invalid(f"data has at most {settings.MEDIA_DATA_MESSAGE_BYTES} bytes")
    if len(request.destination_sids) + len(request.destination_identities) > RECEIVERS_MAX:
        raise invalid(f"at most {RECEIVERS_MAX} receivers")
    packet = models.UserPacket(
        payload=request.data,
        destination_sids=request.destination_sids,
        destination_identities=request.destination_identities,
        nonce=request.nonce,
    )
    if request.HasField("topic"):
        packet.topic = request.topic
    question = wire.Say(
        request="",
        channel="",
        room=str(place.room.pk),
        packet=packet.SerializeToString(),
        reliable=request.kind == models.DataPacket.Kind.RELIABLE,
        identities=tuple(request.destination_identities),
        sids=tuple(request.destination_sids),
    )
    await client.ask(question.room, question)
    return room.SendDataResponse()


async def call(token: ApiToken, request: room.PerformRpcRequest) -> room.PerformRpcResponse:
    """Call a method of a participant's client and wait for its answer."""
    place = await grants.administered(token, request.room)
    timeout_ms = min(request.response_timeout_ms or CALL_TIMEOUT_MS, CALL_TIMEOUT_MAX_MS)
    session = await session_of(place, request.destination_identity)
    question = wire.Call("", "", str(place.room.pk), str(session.pk), request.method, request.payload, timeout_ms)
    answer = await client.ask(question.room, question, timeout_ms / 1000 + ANSWER_TIMEOUT_S)
    return room.PerformRpcResponse(payload=answer.decode())
