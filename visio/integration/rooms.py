"""RoomService, as far as rooms are concerned: making, listing, describing and ending them."""

from __future__ import annotations

from collections.abc import Iterable

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import transaction
from livekit.protocol import models, room

from visio import wire
from visio.integration import grants
from visio.integration.errors import TwirpError, invalid, not_found
from visio.rooms.models import Room
from visio.signalling import client, outside
from visio.signalling.api_tokens import ApiToken
from visio.signalling.errors import BadNameError, TooManyRoomsError, UnansweredError
from visio.signalling.models import LiveKitRoom, Session
from visio.signalling.outside import Place
from visio.signalling.removal import close_for_everybody

METADATA_MAX_BYTES = 64_000
TIMEOUT_MAX_S = 7 * 24 * 3600
PARTICIPANTS_MAX = 1_000_000
LISTED_MAX = 10_000
NAMES_MAX = 200
"""Each is looked up by itself: as an id, a link and a name."""


async def create(token: ApiToken, request: room.CreateRoomRequest) -> models.Room:
    """Make a room, or give the one of this name with what the request says of it."""
    grants.require(token, "roomCreate")
    if request.HasField("egress") or request.agents or request.room_preset:
        raise TwirpError("unimplemented", "this server has no egress, no agents and no presets of rooms")
    _check_metadata(request.metadata)
    if max(request.empty_timeout, request.departure_timeout) > TIMEOUT_MAX_S:
        raise invalid(f"a room is kept empty for at most {TIMEOUT_MAX_S} seconds")
    try:
        place = await database_sync_to_async(_make)(token, request)
    except BadNameError as error:
        raise invalid(str(error)) from error
    except TooManyRoomsError as error:
        message = f"this key has {settings.LIVEKIT_ROOMS_PER_KEY} rooms already"
        raise TwirpError("resource_exhausted", message) from error
    return await _announce(place)


async def list_rooms(token: ApiToken, request: room.ListRoomsRequest) -> room.ListRoomsResponse:
    """Give the rooms that the key reaches: those that integrators made, and those of people while somebody is in."""
    grants.require(token, "roomList")
    if len(request.names) > NAMES_MAX:
        raise invalid(f"at most {NAMES_MAX} names in one request")
    places = await database_sync_to_async(_list)(token, list(request.names))
    live: dict[str, models.Room] = {}
    for answer in await client.ask_workers(wire.Describe("", "", "")):
        live.update({one.sid: one for one in room.ListRoomsResponse.FromString(answer).rooms})
    return room.ListRoomsResponse(rooms=[_describe(place, live) for place in places])


async def delete(token: ApiToken, request: room.DeleteRoomRequest) -> room.DeleteRoomResponse:
    """End a room for everybody. A room of people stays, as they made it; one of an integrator is no more."""
    grants.require(token, "roomCreate")
    if not await database_sync_to_async(_delete)(token, request.room):
        raise not_found("requested room")
    return room.DeleteRoomResponse()


async def update_metadata(token: ApiToken, request: room.UpdateRoomMetadataRequest) -> models.Room:
    """Replace a room's metadata and tell those inside."""
    place = await grants.administered(token, request.room)
    _check_metadata(request.metadata)
    await database_sync_to_async(_write)(place, metadata=request.metadata)
    return await _announce(await database_sync_to_async(outside.of)(place.room))


async def _announce(place: Place) -> models.Room:
    """Tell the worker of a room what is known of it now; give the room as it is."""
    if place.outside is None:
        raise not_found("requested room")
    try:
        answer = await client.ask(str(place.room.pk), wire.Announce("", "", str(place.room.pk), place.outside.about))
    except UnansweredError as error:
        if error.code != "not_found":
            raise
        return _describe(place, {})
    live = models.Room.FromString(answer)
    return _describe(place, {live.sid: live})


def _make(token: ApiToken, request: room.CreateRoomRequest) -> Place:
    place = outside.find(token, request.name) or outside.make(token, request.name)
    said = {
        "metadata": request.metadata,
        "max_participants": min(request.max_participants, PARTICIPANTS_MAX),
        "empty_timeout_s": request.empty_timeout,
        "departure_timeout_s": request.departure_timeout,
    }
    _write(place, **{name: value for name, value in said.items() if value})
    return outside.of(place.room)


def _write(place: Place, **values: object) -> None:
    """Write what is said of a room, which may be a room of people of which nothing was said before."""
    with transaction.atomic():
        LiveKitRoom.objects.update_or_create(room=place.room, defaults=values)


def _list(token: ApiToken, names: list[str]) -> list[Place]:
    if names:
        found = {name: outside.find(token, name) for name in dict.fromkeys(names)}
        return [place for place in found.values() if place is not None and _is_there(place)]
    known = LiveKitRoom.objects.select_related("room")
    made = known.exclude(key="") if token.is_operators else known.filter(key=token.key)
    places = [Place(one.room, one) for one in made.order_by("room__created_at")[:LISTED_MAX]]
    return [*places, *_peoples(token)]


def _peoples(token: ApiToken) -> Iterable[Place]:
    """Give the rooms of people in which somebody is, to the service's own key."""
    if not token.is_operators:
        return []
    inside = Session.objects.inside().values("room")
    rooms = Room.objects.lasting().main().filter(pk__in=inside).exclude(outside__key__gt="").select_related("outside")
    return [Place(one, getattr(one, "outside", None)) for one in rooms[:LISTED_MAX]]


def _is_there(place: Place) -> bool:
    """Say whether LiveKit would call the room active."""
    return not place.is_peoples or Session.objects.inside().filter(room=place.room).exists()


def _delete(token: ApiToken, name: str) -> bool:
    place = outside.find(token, name)
    if place is None:
        return False
    if place.is_peoples:
        close_for_everybody(place.room)
    else:
        place.room.delete()
    return True


def _describe(place: Place, live: dict[str, models.Room]) -> models.Room:
    """Describe a room with what the workers say of those inside."""
    sid, created_ms = wire.room_sid(str(place.room.pk)), int(place.room.created_at.timestamp() * 1000)
    there, known = live.get(sid, models.Room()), place.outside or LiveKitRoom()
    return models.Room(
        sid=sid,
        name=place.name,
        metadata=known.metadata,
        max_participants=known.max_participants,
        empty_timeout=known.empty_timeout_s if not place.is_peoples else 0,
        departure_timeout=known.departure_timeout_s if not place.is_peoples else 0,
        creation_time=created_ms // 1000,
        creation_time_ms=created_ms,
        num_participants=there.num_participants,
        num_publishers=there.num_publishers,
    )


def _check_metadata(text: str) -> None:
    if not outside.is_text(text, METADATA_MAX_BYTES):
        raise invalid(f"metadata has at most {METADATA_MAX_BYTES} bytes and no NUL")
