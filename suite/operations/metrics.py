"""Metrics of the web role in Prometheus' text format, for whoever knows METRICS_TOKEN."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from secrets import compare_digest
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Histogram, generate_latest

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Histogram(
    "visio_web_request_seconds",
    "Time to answer a request.",
    ("method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Give the metrics of this process and what it knows of the media workers; 404 while METRICS_TOKEN is unset."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse("unauthorized\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(REGISTRY), CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


@sync_and_async_middleware
def measured(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Measure every request; paths are left out, because they name rooms."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponse:
            began = time.monotonic()
            pending: Awaitable[HttpResponse] = get_response(request)
            return _note(request, await pending, began)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        return _note(request, get_response(request), began)

    return answer


def _note(request: HttpRequest, response: HttpResponse, began: float) -> HttpResponse:
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, str(response.status_code)).observe(time.monotonic() - began)
    return response
