"""A page for people who open an address that only takes forms, instead of an empty answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Respond = Callable[[HttpRequest], HttpResponse]


def explain(respond: Respond) -> Respond:
    """Give browsers a page with each 405; what programs get stays as it is. A Django middleware."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        if response.status_code != 405 or "text/html" not in request.headers.get("Accept", ""):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.headers.get("Allow", "")
        return page

    return answer
