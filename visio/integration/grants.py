"""What a token of the server API may do: LiveKit's grants, and the room that they are for."""

from __future__ import annotations

from datetime import datetime

from channels.db import database_sync_to_async

from visio.integration.errors import TwirpError, not_found
from visio.signalling import api_tokens, outside
from visio.signalling.api_tokens import ApiToken
from visio.signalling.errors import ApiTokenError
from visio.signalling.outside import Place

BEARER = "bearer "


def authenticate(authorization: str, now: datetime) -> ApiToken:
    """Give the token of a request. Raise `TwirpError`, without a word on what a better one would be."""
    if not authorization.lower().startswith(BEARER):
        raise TwirpError("unauthenticated", "a token is needed: Authorization: Bearer …")
    try:
        return api_tokens.read(authorization[len(BEARER) :].strip(), now)
    except ApiTokenError as error:
        raise TwirpError("unauthenticated", str(error)) from error


def require(token: ApiToken, grant: str) -> None:
    """Raise `TwirpError` unless the token has a grant such as `roomCreate`."""
    if not token.may(grant):
        raise TwirpError("permission_denied", f"the token has no {grant}")


async def administered(token: ApiToken, name: str) -> Place:
    """Give the room `name` to an administrator of it. Raise `TwirpError` to others, or when there is none."""
    require(token, "roomAdmin")
    if not name or token.video.get("room") != name:
        raise TwirpError("permission_denied", "the token is for another room")
    place: Place | None = await database_sync_to_async(outside.find)(token, name)
    if place is None:
        raise not_found("requested room")
    return place
