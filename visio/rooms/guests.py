"""Guests: a signed secret in their browser's cookie, and the identity that others see, which does not tell it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

SIGNER = "visio.rooms.guests"
NEW = "visio.guest"
"""Where a request keeps the secret that its answer is to set."""
EMBEDDED = "visio.embedded"
"""Set on a request whose answer is shown in a frame of another site."""
YEAR_S = 365 * 86_400
IDENTITY_BYTES = 16


class HasCookies(Protocol):
    """A request."""

    @property
    def COOKIES(self) -> dict[str, str]:  # noqa: N802  (Django's name)
        """What the browser sent."""

    @property
    def META(self) -> dict[str, Any]:  # noqa: N802
        """What belongs to the request."""


def known(cookies: Mapping[str, str]) -> str | None:
    """Give the secret of the guest behind `cookies`, or nothing when they have none that we signed."""
    try:
        return Signer(salt=SIGNER).unsign(cookies.get(settings.GUEST_COOKIE_NAME, ""))
    except BadSignature:
        return None


def secret(request: HasCookies) -> str:
    """Give the secret of the guest behind `request`; a new one is set by the answer."""
    found = known(request.COOKIES)
    if found is None:
        found = request.META.setdefault(NEW, secrets.token_urlsafe(24))
    return found


def ensure(request: HasCookies, login: object | None) -> None:
    """See to it that a guest's browser has a secret."""
    if login is None:
        secret(request)


def identity(guest: str, room_id: uuid.UUID) -> str:
    """Give what others in a room see of a guest: the same each time, another one in every room."""
    key = settings.SECRET_KEY.encode()
    digest = hmac.new(key, f"{SIGNER} {guest} {room_id}".encode(), hashlib.sha256).digest()
    return "guest-" + base64.urlsafe_b64encode(digest[:IDENTITY_BYTES]).decode().rstrip("=")


class GuestCookie:
    """Middleware: gives the secret that was made during a request to the browser."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and set the cookie when there is a new secret."""
        response = self._answer(request)
        if found := request.META.get(NEW):
            is_embedded = bool(request.META.get(EMBEDDED))
            response.set_cookie(
                settings.GUEST_COOKIE_NAME,
                Signer(salt=SIGNER).sign(found),
                max_age=YEAR_S,
                secure=settings.SECURE or is_embedded,
                httponly=True,
                samesite="Lax",
            )
            if is_embedded:  # browsers then keep it apart for each site that embeds us (CHIPS)
                response.cookies[settings.GUEST_COOKIE_NAME]["samesite"] = "None; Partitioned"
        return response
