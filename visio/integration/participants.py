"""RoomService, as far as participants are concerned: who is in a room, and what happens to them."""

from __future__ import annotations

import dataclasses

from channels.db import database_sync_to_async
from livekit.protocol import models, room, rtc

from visio import wire
from visio.integration import grants
from visio.integration.errors import TwirpError, invalid, not_found
from visio.rooms import names
from visio.signalling import client, outside
from visio.signalling.api_tokens import ApiToken
from visio.signalling.errors import UnansweredError
from visio.signalling.models import Ended, Session
from visio.signalling.outside import Place
from visio.signalling.removal import put_out
from visio.wire import Grant

METADATA_MAX_BYTES = 16 * 1024
SOURCES = {
    models.TrackSource.CAMERA: "camera",
    models.TrackSource.MICROPHONE: "microphone",
    models.TrackSource.SCREEN_SHARE: "screen_share",
    models.TrackSource.SCREEN_SHARE_AUDIO: "screen_share_audio",
}
TRACKS_MAX = 2_000


async def list_participants(token: ApiToken, request: room.ListParticipantsRequest) -> room.ListParticipantsResponse:
    """Give everybody in a room, those whom the others do not see too."""
    place = await grants.administered(token, request.room)
    return room.ListParticipantsResponse(participants=await everybody(place))


async def get(token: ApiToken, request: room.RoomParticipantIdentity) -> models.ParticipantInfo:
    """Give one participant."""
    place = await grants.administered(token, request.room)
    found = next((one for one in await everybody(place) if one.identity == request.identity), None)
    if found is None:
        raise not_found("participant")
    return found


async def remove(token: ApiToken, request: room.RoomParticipantIdentity) -> room.RemoveParticipantResponse:
    """Put somebody out; tokens from before do not let them in again."""
    place = await grants.administered(token, request.room)
    if not await database_sync_to_async(_put_out)(place, request.identity):
        raise not_found("participant")
    return room.RemoveParticipantResponse()


async def mute(token: ApiToken, request: room.MuteRoomTrackRequest) -> room.MuteRoomTrackResponse:
    """Mute a track. Nobody's microphone or camera is opened from outside."""
    place = await grants.administered(token, request.room)
    if not request.muted:
        raise TwirpError("failed_precondition", "only the participant can unmute a track")
    session = await session_of(place, request.identity)
    question = wire.Mute(str(place.room.pk), str(session.pk), request.track_sid, muted=True)
    answer = await client.ask(question.room, question)
    return room.MuteRoomTrackResponse(track=models.TrackInfo.FromString(answer))


async def update(token: ApiToken, request: room.UpdateParticipantRequest) -> models.ParticipantInfo:
    """Change name, metadata, attributes or rights of a participant; what the request leaves empty stays."""
    place = await grants.administered(token, request.room)
    if not outside.is_text(request.metadata, METADATA_MAX_BYTES):
        raise invalid(f"metadata has at most {METADATA_MAX_BYTES} bytes and no NUL")
    if not outside.are_attributes(dict(request.attributes)):
        raise invalid(f"attributes have at most {outside.ATTRIBUTES_MAX_BYTES} bytes and no NUL")
    session = await session_of(place, request.identity)
    if place.is_peoples:
        _check_peoples(request)
    name = names.clean(request.name, names.ROOM_NAME_MAX)
    grant = _changed(session.rights, request, name)
    question = wire.Update(
        "", "", str(place.room.pk), str(session.pk), grant, name, request.metadata, dict(request.attributes)
    )
    answer = await client.ask(question.room, question)
    written = Session.objects.filter(pk=session.pk)  # so that it holds when the participant comes back
    await database_sync_to_async(written.update)(grant=dataclasses.asdict(grant))
    return models.ParticipantInfo.FromString(answer)


async def subscribe(token: ApiToken, request: room.UpdateSubscriptionsRequest) -> room.UpdateSubscriptionsResponse:
    """Begin or end what a participant receives."""
    place = await grants.administered(token, request.room)
    tracks = [*request.track_sids, *(sid for item in request.participant_tracks for sid in item.track_sids)]
    if len(tracks) > TRACKS_MAX:
        raise invalid(f"at most {TRACKS_MAX} tracks in one request")
    session = await session_of(place, request.identity)
    question = wire.Subscribe("", "", str(place.room.pk), str(session.pk), tuple(tracks), request.subscribe)
    await client.ask(question.room, question)
    return room.UpdateSubscriptionsResponse()


async def forward(token: ApiToken, request: room.ForwardParticipantRequest) -> room.ForwardParticipantResponse:
    """Refuse: a participant is in one room of one deployment."""
    await _check_destination(token, request)
    raise TwirpError("unimplemented", "this server does not forward participants to other rooms")


async def move(token: ApiToken, request: room.MoveParticipantRequest) -> room.MoveParticipantResponse:
    """Refuse: a ticket opens one room, and only Django or an integrator's token opens another."""
    await _check_destination(token, request)
    raise TwirpError("unimplemented", "this server does not move participants: give them a token for the other room")


async def everybody(place: Place) -> list[models.ParticipantInfo]:
    """Give those in a room, as its worker sees them."""
    name = str(place.room.pk)
    try:
        answer = await client.ask(name, wire.Describe("", "", name))
    except UnansweredError as error:
        if error.code != "not_found":
            raise
        return []
    return list(rtc.JoinResponse.FromString(answer).other_participants)


async def session_of(place: Place, identity: str) -> Session:
    """Give the session of somebody in a room. Raise `TwirpError` when there is none."""
    inside = Session.objects.inside().filter(room=place.room, identity=identity).order_by("-connected_at")
    session: Session | None = await database_sync_to_async(inside.first)() if outside.is_text(identity, 1024) else None
    if session is None:
        raise not_found("participant")
    return session


async def _check_destination(
    token: ApiToken, request: room.ForwardParticipantRequest | room.MoveParticipantRequest
) -> None:
    await grants.administered(token, request.room)
    if token.video.get("destinationRoom") != request.destination_room:
        raise TwirpError("permission_denied", "the token is for another destination")


def _put_out(place: Place, identity: str) -> int:
    if not outside.is_text(identity, 1024):
        return 0
    return put_out(Session.objects.filter(room=place.room, identity=identity).revocable(), Ended.REMOVED)


def _check_peoples(request: room.UpdateParticipantRequest) -> None:
    """In a room of people only Visio says who somebody is, and nobody listens unseen. Raise `TwirpError` otherwise."""
    if request.name or outside.VOUCHED.intersection(request.attributes):
        raise TwirpError("permission_denied", "in a room of people only Visio says who somebody is")
    if request.permission.hidden or request.permission.can_update_metadata:
        raise TwirpError("permission_denied", "nobody is hidden or renames themselves in a room of people")


def _changed(before: Grant, request: room.UpdateParticipantRequest, name: str) -> Grant:
    """Give what the participant is and may do after the change."""
    merged = {**before.attributes, **request.attributes}
    grant = dataclasses.replace(
        before,
        name=name or before.name,
        metadata=request.metadata or before.metadata,
        attributes={key: value for key, value in merged.items() if value},
    )
    if request.HasField("permission"):
        return _permitted(grant, request.permission)
    return grant


def _permitted(grant: Grant, said: models.ParticipantPermission) -> Grant:
    sources = tuple(SOURCES[source] for source in said.can_publish_sources if source in SOURCES)
    return dataclasses.replace(
        grant,
        can_publish=said.can_publish,
        can_subscribe=said.can_subscribe,
        can_publish_data=said.can_publish_data,
        sources=sources,
        can_update_metadata=said.can_update_metadata,
        hidden=said.hidden,
    )
