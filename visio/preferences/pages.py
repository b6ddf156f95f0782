"""The page on which people choose what suits them, outside of a call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@never_cache
@ensure_csrf_cookie
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the preferences; those of guests stay in their browser."""
    return render(request, "visio/preferences.html")
