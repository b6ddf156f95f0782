"""The choice between light and dark, kept in a cookie so that pages arrive in the right colours."""

from __future__ import annotations

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

COOKIE = "visio_look"
COOKIE_AGE_S = 365 * 24 * 3600


class Look(TextChoices):
    """How the pages are coloured."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def current(request: HttpRequest) -> Look:
    """Give the look that this browser asked for; `AUTO` follows the system."""
    value = request.COOKIES.get(COOKIE, "")
    return Look(value) if value in Look.values else Look.AUTO


def remember(response: HttpResponseBase, look: Look) -> None:
    """Keep the choice in this browser."""
    response.set_cookie(COOKIE, look.value, max_age=COOKIE_AGE_S, samesite="Lax", secure=settings.SECURE, httponly=True)
