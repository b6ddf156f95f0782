"""Visio as an application on a telephone or a desk: its manifest, its service worker, the page without a network."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

WORKER = "js/pages/service_worker.js"
GROUND, PRIMARY = "#f5f6f9", "#2a4d9b"
"""Of `tokens.css`."""
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
)
View = Callable[[HttpRequest], HttpResponseBase]


def in_language_of_query(view: View) -> View:
    """Answer in the language that the query is: browsers send no cookie for these, and what is kept must not change."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        asked = request.META["QUERY_STRING"]
        with translation.override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return view(request)

    return answer


@cache_control(no_cache=True, public=True)
@require_safe
@in_language_of_query
def manifest(_request: HttpRequest) -> HttpResponseBase:
    """Tell browsers how to install Visio."""
    body = {
        "id": "/",
        "name": "Visio",
        "short_name": "Visio",
        "description": _("Video meetings in your browser, run by your administration."),
        "lang": translation.get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": PRIMARY,
        "icons": [
            {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [{"name": _("Test your connection"), "url": reverse("connection_test")}],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@cache_control(no_cache=True, public=True)
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponseBase:
    """Give the service worker from the top of the site, which is as far as it may reach. Raise `Http404` without it."""
    path = finders.find(WORKER)
    if path is None:
        raise Http404
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")


@cache_control(no_cache=True, public=True)
@require_safe
@in_language_of_query
def offline(_request: HttpRequest) -> HttpResponseBase:
    """Give the page that the service worker keeps; nothing on it is about anybody."""
    return HttpResponse(render_to_string("theme/offline.html", {"language": translation.get_language()}))
