"""Entering a room with a token that an integrator signed: which room it names, and what Visio lets it say."""

from __future__ import annotations

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from suite.identity.models import User
from visio.rooms import names, slugs
from visio.rooms.tickets import Ticket, Via
from visio.signalling import api_tokens, outside
from visio.signalling.api_tokens import ApiToken
from visio.signalling.errors import ApiTokenError, BadNameError, RefusedError, TooManyRoomsError, not_authenticated
from visio.wire import Grant

IDENTITY_MAX = 255
TEXT_MAX_BYTES = 16 * 1024
"""Of metadata, and of all attributes together, as for what clients say of themselves."""
GUEST_PREFIX = "guest-"
SOURCES = frozenset({"camera", "microphone", "screen_share", "screen_share_audio"})


def admit(token: str, now: datetime) -> Ticket:
    """Give the ticket that an integrator's join token stands for. Raise `RefusedError` when it opens nothing.

    In a room that people made, the one who comes is a guest like others: visible, and nobody that Visio vouches for.
    """
    try:
        said = api_tokens.read(token, now)
        grant = grant_of(said)
    except ApiTokenError as error:
        raise not_authenticated("token_refused", _("This token does not open a room: %s.") % error) from error
    place = _place(said)
    if place.is_peoples:
        grant = _as_guest(grant)
    if _is_somebody(grant.identity):
        raise _forbidden("identity_taken", _("This identity belongs to somebody else."))
    return Ticket(said.digest, place.room.pk, grant, None, Via.INTEGRATOR, None, said.issued_at)


def _place(said: ApiToken) -> outside.Place:
    """Find the room, or make it as LiveKit does unless the operator wants rooms to be made before."""
    name = said.video.get("room")
    name = name if isinstance(name, str) else ""
    try:
        place = outside.find(said, name)
        # A name like a link was a room of people that is no more: only an explicit CreateRoom brings it back.
        may_make = settings.LIVEKIT_ROOM_AUTO_CREATE and not (said.is_operators and slugs.is_slug(name))
        if place is None and may_make:
            place = outside.make(said, name)
    except (BadNameError, TooManyRoomsError):
        place = None
    if place is None:
        # LiveKit's browser client stops at these words; at any other 404 it tries the older path.
        raise RefusedError(HTTPStatus.NOT_FOUND, "room_unknown", "requested room does not exist")
    return place


def grant_of(said: ApiToken) -> Grant:
    """Give what LiveKit's claims say, with its defaults. Raise `ApiTokenError` for what is no join token."""
    claims, video = said.claims, said.video
    if not said.may("roomJoin"):
        raise ApiTokenError("it has no roomJoin")
    identity = _text(claims, "sub")
    if not identity.strip() or len(identity) > IDENTITY_MAX or not identity.isprintable():
        raise ApiTokenError("its identity is empty, too long or not printable")
    sources = _sources(video.get("canPublishSources"))
    can_publish = _flag(video, "canPublish", default=True) or bool(sources)
    return Grant(
        identity=identity,
        name=names.clean(_text(claims, "name"), names.ROOM_NAME_MAX),
        metadata=_text(claims, "metadata"),
        attributes=_attributes(claims.get("attributes") or {}),
        can_publish=can_publish,
        can_subscribe=_flag(video, "canSubscribe", default=True),
        can_publish_data=_flag(video, "canPublishData", default=can_publish),
        sources=sources,
        can_update_metadata=_flag(video, "canUpdateOwnMetadata", default=False),
        hidden=_flag(video, "hidden", default=False),
    )


def _as_guest(grant: Grant) -> Grant:
    if grant.hidden:
        raise _forbidden("hidden", _("Nobody is hidden in a room of people."))
    if grant.identity.startswith(GUEST_PREFIX):
        raise _forbidden("identity_taken", _("This identity belongs to somebody else."))
    return Grant(
        identity=grant.identity,
        name=grant.name or grant.identity[: names.GUEST_NAME_MAX],
        metadata=grant.metadata,
        attributes=outside.unvouched(grant.attributes) | {"kind": "guest"},
        can_publish=grant.can_publish,
        can_subscribe=grant.can_subscribe,
        can_publish_data=grant.can_publish_data,
        sources=grant.sources,
    )


def _is_somebody(identity: str) -> bool:
    """Say whether Visio gives this identity to one of its own people."""
    try:
        return User.objects.filter(pk=uuid.UUID(identity)).exists()
    except ValueError:
        return False


def _forbidden(code: str, message: str) -> RefusedError:
    return RefusedError(HTTPStatus.FORBIDDEN, code, message)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name) or ""
    if not isinstance(value, str) or not outside.is_text(value, TEXT_MAX_BYTES):
        raise ApiTokenError(f"its {name} is no text or too long")
    return value


def _attributes(values: object) -> dict[str, str]:
    if not outside.are_attributes(values):
        raise ApiTokenError("its attributes are no texts or too long")
    return values


def _sources(values: object) -> tuple[str, ...]:
    """Read `canPublishSources`; LiveKit's SDKs spell them in either case."""
    if not values:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ApiTokenError("its canPublishSources is no list of texts")
    named = tuple(value.lower() for value in values)
    if not SOURCES.issuperset(named):
        raise ApiTokenError("its canPublishSources names an unknown source")
    return named


def _flag(video: dict[str, Any], name: str, *, default: bool) -> bool:
    value = video.get(name)
    if value is not None and not isinstance(value, bool):
        raise ApiTokenError(f"its {name} is neither true nor false")
    return default if value is None else value
