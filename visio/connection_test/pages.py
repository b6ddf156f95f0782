"""The page on which people see whether their device and network are fit for a call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@never_cache
@ensure_csrf_cookie
@require_safe
def connection_test(request: HttpRequest) -> HttpResponse:
    """Show the test; it starts when its button is pressed."""
    return render(request, "visio/connection_test.html")
