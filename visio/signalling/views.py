"""What a client asks over HTTP when its socket was refused: would this ticket be let in, and if not, why?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from visio.signalling import admission
from visio.signalling.errors import RefusedError

logger = logging.getLogger("visio.signalling")


@require_safe
async def validate(request: HttpRequest, *, single: bool = False) -> HttpResponse:
    """Check a request to join as the socket would, without using its ticket."""
    try:
        headers = {name.lower(): value for name, value in request.headers.items()}
        peer = request.META.get("REMOTE_ADDR", "")
        await admission.examine(request.META["QUERY_STRING"].encode(), headers, peer, single=single)
        await admission.find_worker()
    except RefusedError as refusal:
        logger.info("validate refused: %s %s", refusal.status.value, refusal.code)
        return _answer(refusal.status, refusal.message)
    return _answer(HTTPStatus.OK, "success")


def warm(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let clients of every origin ask `HEAD` before they connect, as LiveKit's do; all else is `view`'s."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        return _answer(HTTPStatus.OK, "") if request.method == "HEAD" else view(request)

    return answer


def _answer(status: HTTPStatus, text: str) -> HttpResponse:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
