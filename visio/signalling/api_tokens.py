"""LiveKit access tokens that integrators sign themselves, with a key that the operator gave them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.conf import settings

from visio.signalling.errors import ApiTokenError

ALGORITHM = "HS256"
LEEWAY = timedelta(seconds=10)
"""How far apart the clocks of an integrator and of web may be."""
TOKEN_MAX_BYTES = 64 * 1024
PRIVATE = "visio"
"""The claim that only Visio's own tickets have."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token that is signed and in its time; `video` holds LiveKit's grants as they were written.

    `key` is the API key that signed it, `digest` tells it from others, `issued_at` is when it began to be valid.
    """

    key: str
    digest: str
    claims: dict[str, Any]
    video: dict[str, Any]
    issued_at: datetime

    @property
    def is_operators(self) -> bool:
        """Say whether it was signed with the service's own key, which is confined to no rooms."""
        return self.key == settings.LIVEKIT_API_KEY

    def may(self, grant: str) -> bool:
        """Say whether the token has a grant such as `roomCreate`; anything but true is a no."""
        return self.video.get(grant) is True


def read(token: str, now: datetime) -> ApiToken:
    """Give what `token` says. Raise `ApiTokenError` unless one of our keys signed it and `now` is in its time."""
    claims = _verified(token)
    video = claims.get("video", {})
    if not isinstance(video, dict) or PRIVATE in claims:
        raise ApiTokenError("this is no token of LiveKit's server API")
    opens, ends = _instant(claims.get("nbf", claims.get("iat", 0))), _instant(claims["exp"])
    if now >= ends + LEEWAY:
        raise ApiTokenError("the token has expired")
    if now < opens - LEEWAY:
        raise ApiTokenError("the token is not valid yet")
    return ApiToken(claims["iss"], hashlib.sha256(token.encode()).hexdigest()[:40], claims, video, opens)


def is_foreign(token: str) -> bool:
    """Say whether `token` looks like one of an integrator: nothing is checked yet."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False}) if len(token) <= TOKEN_MAX_BYTES else {}
    except (jwt.PyJWTError, RecursionError):
        return False
    return PRIVATE not in claims


def _verified(token: str) -> dict[str, Any]:
    if len(token) > TOKEN_MAX_BYTES:
        raise ApiTokenError("the token is too long")
    try:
        key = jwt.decode(token, options={"verify_signature": False}).get("iss")
        secret = settings.LIVEKIT_API_KEYS.get(key) if isinstance(key, str) else None
        if secret is None:
            raise ApiTokenError("the API key is not known")
        # Times are checked by `read` with its own clock.
        options: Any = {"require": ["iss", "exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        options |= {"verify_aud": False, "verify_sub": False, "verify_jti": False}
        claims: dict[str, Any] = jwt.decode(token, secret, algorithms=[ALGORITHM], issuer=key, options=options)
    except (jwt.PyJWTError, RecursionError) as error:
        raise ApiTokenError("the token cannot be verified") from error
    return claims


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ApiTokenError("the token's times cannot be read")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ApiTokenError("the token's times cannot be read") from error
