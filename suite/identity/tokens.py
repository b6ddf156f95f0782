"""Strict verification of signed tokens: pure functions of a token, a key, what is expected, and the time.

Rules: OpenID Connect Core 1.0 §3.1.3.7 (ID token) and §5.3.2 (signed userinfo), RFC 7519, RFC 8725 (algorithms).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.types import Options

from suite.identity.errors import TokenError

ALGORITHMS = ("ES256", "RS256", "HS256")
LEEWAY_S = 30
LATEST_S = 2**53
"""Greatest whole number that every JSON reader agrees on (RFC 8259 §6); JSON in Python also knows NaN and Infinity."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MAX_TOKEN_BYTES = 64 * 1024
SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""Left to PyJWT; below, each claim is checked with its own reason, none is optional by accident."""

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the provider registered for us: its own name, ours, and the one algorithm it signs with."""

    issuer: str
    client_id: str
    algorithm: str


def key_id(token: str, algorithm: str) -> str | None:
    """Give the `kid` of `token`, if it names one. Raise `TokenError` when it is no token signed with `algorithm`."""
    if len(token) > MAX_TOKEN_BYTES or not token.isascii():
        raise TokenError("malformed", "too large or no ASCII")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise TokenError("malformed", str(error)) from error
    if header.get("alg") != algorithm:
        raise TokenError("alg", f"{header.get('alg')!r} instead of {algorithm}")
    kid = header.get("kid")
    return kid if isinstance(kid, str) else None


def open_signed(token: str, key: Any, algorithm: str) -> Claims:
    """Give the claims of `token` when `key` signed it. Raise `TokenError("signature")` otherwise."""
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except (jwt.InvalidSignatureError, jwt.InvalidKeyError) as error:
        raise TokenError("signature") from error
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise TokenError("malformed", str(error)) from error
    return dict(claims)


def check_id_token(claims: Claims, expected: Expected, *, nonce: str, access_token: str | None, now: float) -> None:
    """Check every claim of an ID token. Raise `TokenError` at the first that is missing or wrong."""
    _check_issuer(claims, expected)
    _check_audience(claims, expected)
    _check_times(claims, now, required=("exp", "iat"))
    subject(claims)
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(_bytes(claims["nonce"]), _bytes(nonce)):
        raise TokenError("nonce")
    if "at_hash" in claims:
        _check_access_token(claims["at_hash"], access_token or "")


def check_userinfo(claims: Claims, expected: Expected, *, now: float) -> None:
    """Check what makes signed userinfo ours. It may lack the times: the answer to our own request is fresh."""
    _check_issuer(claims, expected)
    _check_audience(claims, expected)
    _check_times(claims, now, required=())


def check_logout_token(claims: Claims, expected: Expected, *, now: float) -> None:
    """Check a logout token (Back-Channel Logout 1.0 §2.6). Raise `TokenError` at the first claim that is wrong."""
    _check_issuer(claims, expected)
    _check_audience(claims, expected)
    _check_times(claims, now, required=("exp", "iat"))
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenError("events")
    if "nonce" in claims:
        raise TokenError("nonce", "an ID token is no logout token")
    named = [claims[name] for name in ("sub", "sid") if name in claims]
    if not named or not all(isinstance(name, str) and name for name in named):
        raise TokenError("sub", "neither sub nor sid")


def check_subject(userinfo: Claims, id_token: Claims) -> None:
    """Check that userinfo speaks of the person of the ID token (Core §5.3.2). Raise `TokenError("sub")` otherwise."""
    if subject(userinfo) != subject(id_token):
        raise TokenError("sub", "not the subject of the ID token")


def subject(claims: Claims) -> str:
    """Give the provider's name for the person (Core §2: at most 255 ASCII characters). Raise `TokenError("sub")`."""
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255 or not sub.isascii() or not sub.isprintable():
        raise TokenError("sub")
    return sub


def _check_issuer(claims: Claims, expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenError("iss", repr(claims.get("iss")))


def _check_audience(claims: Claims, expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise TokenError("aud", repr(audience))
    party = claims.get("azp")
    if (party is None and len(audiences) > 1) or party not in (None, expected.client_id):
        raise TokenError("azp", repr(party))


def _check_times(claims: Claims, now: float, *, required: tuple[str, ...]) -> None:
    for name in required:
        if claims.get(name) is None:
            raise TokenError(name, "missing")
    times = {name: _seconds(claims, name) for name in ("exp", "iat", "nbf") if claims.get(name) is not None}
    if times.get("exp", now) <= now - LEEWAY_S:
        raise TokenError("expired")
    if max(times.get("iat", now), times.get("nbf", now)) > now + LEEWAY_S:
        raise TokenError("early")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LATEST_S:
        raise TokenError(name, "not a time")
    return float(value)


def _check_access_token(at_hash: Any, access_token: str) -> None:
    """Check Core §3.1.3.6: the left half of the token's SHA-256, the hash of all three algorithms."""
    digest = hashlib.sha256(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(at_hash, str) or not hmac.compare_digest(_bytes(at_hash), half):
        raise TokenError("at_hash")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
