"""Tickets: the short-lived signed right to connect to one room, as a LiveKit access token (a JWT)."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from visio.rooms.errors import TicketError
from visio.wire import Grant

ALGORITHM = "HS256"
CLOCK_SKEW_S = 5
"""How far apart the clocks of two web machines may be."""
TEST_TTL_S = 600
"""Time for a connection test, with a person who first looks for the microphone."""
T = TypeVar("T")
REQUIRED = ("iss", "sub", "jti", "iat", "nbf", "exp")


class Via(StrEnum):
    """Who asked for a ticket."""

    PAGE = "page"
    COMMAND = "command"
    SESSION = "session"
    """The running session itself: a refreshed token."""
    CONNECTION_TEST = "connection_test"
    """The page for it: opens a session each time it is used, in a room that is nobody else's."""
    INTEGRATOR = "integrator"
    """A token that an integrator signed: as LiveKit's, it opens a session each time until it expires."""


VOUCHED = (Via.COMMAND, Via.CONNECTION_TEST, Via.INTEGRATOR)
"""Tickets that no rule about people judges."""
REUSABLE = (Via.CONNECTION_TEST, Via.INTEGRATOR)
OURS = (Via.PAGE, Via.COMMAND, Via.SESSION, Via.CONNECTION_TEST)
"""What tickets that we sign ourselves may say."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a valid ticket says. `session` is set when it was refreshed by that session."""

    jti: str
    room_id: uuid.UUID
    grant: Grant
    login: uuid.UUID | None
    via: Via
    session: uuid.UUID | None
    issued_at: datetime
    has_passcode: bool = False
    device: str = ""
    """What the browser is known by as a guest in this room, whoever is signed in."""


def issue(
    room_id: uuid.UUID,
    grant: Grant,
    *,
    login: uuid.UUID | None,
    via: Via,
    now: datetime,
    has_passcode: bool = False,
    device: str = "",
) -> str:
    """Give a new ticket that opens one session, to be used within `TICKET_TTL_S` seconds of `now`; see `Via`.

    `has_passcode` says that the person gave the room's passcode at the door, `device` is `Ticket.device`.
    """
    person = {"login": str(login) if login else None, "passcode": has_passcode, "device": device}
    private = {**person, "via": str(via), "session": None}
    ttl_s = TEST_TTL_S if via is Via.CONNECTION_TEST else settings.TICKET_TTL_S
    return _sign(room_id, grant, private, now, ttl_s)


def refresh(session_id: uuid.UUID, room_id: uuid.UUID, grant: Grant, now: datetime) -> str:
    """Give a token with which the client of a running session comes back, valid `REFRESH_TTL_S` seconds."""
    person = {"login": None, "passcode": False, "device": ""}
    private = {**person, "via": str(Via.SESSION), "session": str(session_id)}
    return _sign(room_id, grant, private, now, settings.REFRESH_TTL_S)


def read(token: str, now: datetime) -> Ticket:
    """Give what `token` says. Raise `TicketError` unless we signed it, it is complete and `now` is in its time."""
    claims = _verified(token)
    try:
        ticket = _ticket(claims)
        opens, ends = _instant(claims["nbf"]), _instant(claims["exp"])
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise TicketError("ticket_malformed", _("This is not a ticket of this service.")) from error
    if now >= ends:
        raise TicketError("ticket_expired", _("This ticket is too old. Please enter the room again."))
    if now < opens - timedelta(seconds=CLOCK_SKEW_S):
        raise TicketError("ticket_early", _("This ticket is not valid yet."))
    return ticket


def _sign(room_id: uuid.UUID, grant: Grant, private: dict[str, str | bool | None], now: datetime, ttl_s: int) -> str:
    claims = {
        "iss": settings.LIVEKIT_API_KEY,
        "sub": grant.identity,
        "name": grant.name,
        "metadata": grant.metadata,
        "attributes": grant.attributes,
        "jti": secrets.token_urlsafe(18),
        # Not a whole second: it is compared with the moment at which somebody was removed.
        "iat": now.timestamp(),
        "nbf": int(now.timestamp()),
        "exp": int(now.timestamp()) + ttl_s,
        "video": _video(room_id, grant),
        "visio": {**private, "private_chat": grant.private_chat, "files": grant.files},
    }
    return jwt.encode(claims, settings.LIVEKIT_API_SECRET, algorithm=ALGORITHM)


def _video(room_id: uuid.UUID, grant: Grant) -> dict[str, Any]:
    return {
        "room": str(room_id),
        "roomJoin": True,
        "canPublish": grant.can_publish,
        "canSubscribe": grant.can_subscribe,
        "canPublishData": grant.can_publish_data,
        "canPublishSources": list(grant.sources),
        "canUpdateOwnMetadata": grant.can_update_metadata,
        "hidden": grant.hidden,
    }


def _verified(token: str) -> dict[str, Any]:
    """Give the claims of a token that our key signed; times are checked by `read` with its own clock."""
    options = {"require": list(REQUIRED), "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.LIVEKIT_API_SECRET,
            algorithms=[ALGORITHM],
            issuer=settings.LIVEKIT_API_KEY,
            options=options,  # type: ignore[arg-type]  # PyJWT wants its own TypedDict
        )
    except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError, jwt.InvalidIssuerError) as error:
        raise TicketError("ticket_forged", _("This ticket was not made by this service.")) from error
    except jwt.PyJWTError as error:
        raise TicketError("ticket_malformed", _("This is not a ticket of this service.")) from error
    return claims


def _ticket(claims: dict[str, Any]) -> Ticket:
    video, private = _typed(claims["video"], dict), _typed(claims["visio"], dict)
    if video["roomJoin"] is not True:
        raise ValueError("roomJoin")
    via = Via(private["via"])
    if via not in OURS:
        raise ValueError("via")
    session = _optional_id(private["session"])
    if (session is None) == (via is Via.SESSION):
        raise ValueError("session")
    return Ticket(
        jti=_filled(claims["jti"]),
        room_id=uuid.UUID(_typed(video["room"], str)),
        grant=_grant(claims, video),
        login=_optional_id(private["login"]),
        via=via,
        session=session,
        issued_at=_instant(claims["iat"]),
        has_passcode=_typed(private["passcode"], bool),
        device=_typed(private["device"], str),
    )


def _grant(claims: dict[str, Any], video: dict[str, Any]) -> Grant:
    attributes = _typed(claims["attributes"], dict)
    return Grant(
        identity=_filled(claims["sub"]),
        name=_typed(claims["name"], str),
        metadata=_typed(claims["metadata"], str),
        attributes={_typed(key, str): _typed(value, str) for key, value in attributes.items()},
        can_publish=_typed(video["canPublish"], bool),
        can_subscribe=_typed(video["canSubscribe"], bool),
        can_publish_data=_typed(video["canPublishData"], bool),
        sources=tuple(_typed(source, str) for source in _typed(video["canPublishSources"], list)),
        can_update_metadata=_typed(video["canUpdateOwnMetadata"], bool),
        hidden=_typed(video["hidden"], bool),
        private_chat=_typed(claims["visio"].get("private_chat", False), bool),
        files=_typed(claims["visio"].get("files", False), bool),
    )


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _filled(value: object) -> str:
    text = _typed(value, str)
    if not text:
        raise ValueError("empty")
    return text


def _optional_id(value: object) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(_typed(value, str))


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no time")
    return datetime.fromtimestamp(value, UTC)
