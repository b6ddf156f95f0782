"""Meetings in a frame of somebody else's page: what may be framed, by the origins that a setting names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from visio.rooms import guests, pages
from visio.rooms.api.throttles import AddressThrottle, GuestThrottle
from visio.rooms.find import room_or_404
from visio.rooms.goodbyes import Why
from visio.rooms.throttled import throttled

View = Callable[..., HttpResponse]


def _framed(view: View) -> Callable[..., HttpResponseBase]:
    """Let the allowed origins frame what `view` answers; without any there is no such page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.EMBED_ALLOWED_ORIGINS:
            raise Http404
        request.META[guests.EMBEDDED] = True
        framed = csp_replace({"frame-ancestors": settings.EMBED_ALLOWED_ORIGINS})(pages.uses_webassembly(view))
        return xframe_options_exempt(framed)(request, *args, **kwargs)

    return answer


def _page() -> dict[str, object]:
    return {
        "embedded": True,
        "origins": " ".join(settings.EMBED_ALLOWED_ORIGINS),
        "signalling": settings.LIVEKIT_API_URL,
        "whys": list(Why),
    }


@_framed
@never_cache
@ensure_csrf_cookie
@require_safe
@throttled(GuestThrottle, AddressThrottle)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the way into a room and the call in it; who may not enter reads why."""
    room = room_or_404(slug)
    context = {**pages.before(request, room), **_page()}
    entering = context["entering"]
    if entering.allowed or entering.waits:
        return render(request, "visio/embed.html", context)
    return render(request, "visio/embed_refused.html", context, status=403)


@_framed
@never_cache
@require_safe
@throttled(GuestThrottle, AddressThrottle)
def embed_with_ticket(request: HttpRequest) -> HttpResponse:
    """Show the call to whom the page around it gives a ticket."""
    context = {**_page(), "with_ticket": True, "room": {"name": "", "slug": ""}, "link": ""}
    return render(request, "visio/embed.html", context)
