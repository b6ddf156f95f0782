"""Forms that a signed-in person posts, and what happens when the sign-in comes between."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from suite.identity.addresses import sign_in_url
from visio.rooms.find import SignedInRequest

View = Callable[..., HttpResponse]


def posted(*, back_to: str) -> Callable[[View], View]:
    """Make a view take posts of signed-in people only, and lead everybody else to the page that holds its form.

    After a sign-in the browser comes back with GET: the page named `back_to` is then the one to press the button on.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and request.user.is_authenticated:
                return view(cast(SignedInRequest, request), *args, **kwargs)
            page = reverse(back_to, kwargs={"slug": kwargs["slug"]} if "slug" in kwargs else None)
            return redirect(page if request.user.is_authenticated else sign_in_url(page))

        return answer

    return decorate
