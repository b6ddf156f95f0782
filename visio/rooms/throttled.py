"""Pages that are asked for too often: counted as the API counts, and answered with a page that says so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from math import ceil
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.views import APIView

from suite.identity.models import User
from visio.rooms.api.throttles import OpenThrottle

View = Callable[..., HttpResponse]
LONGEST_WAIT_S = 60.0


def wait_s(request: HttpRequest, user: User | None, kinds: Collection[type[OpenThrottle]]) -> float:
    """Count a request of `user`, or of a guest, with each of the `kinds`; give how long it must wait, 0 when not."""
    asked = Request(request)
    asked.user = user or AnonymousUser()
    throttles = [kind() for kind in kinds]
    refused = [throttle for throttle in throttles if not throttle.allow_request(asked, APIView())]
    return max((throttle.wait() or LONGEST_WAIT_S for throttle in refused), default=0.0)


def throttled(*kinds: type[OpenThrottle], methods: Collection[str] = ("GET", "HEAD", "POST")) -> Callable[[View], View]:
    """Make a view answer 429 with a page when requests by one of the `methods` come too often."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user if isinstance(request.user, User) else None
            wait = wait_s(request, user, kinds) if request.method in methods else 0.0
            return _refuse(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return decorate


def _refuse(request: HttpRequest, wait: float) -> HttpResponse:
    page = render(request, "429.html", status=429)
    page["Retry-After"] = str(ceil(wait))
    return page
