"""Signing in without a question: whoever is signed in at the provider already comes in as who they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from suite.identity.addresses import sign_in_url

View = Callable[..., HttpResponse]
TRIED = "silent_sign_in_at"
EVERY_S = 300


def is_wished(query: Mapping[str, str]) -> bool:
    """Say whether the link that starts a sign-in asks for a silent one."""
    return query.get("silent", "").lower() == "true"


def note(session: SessionBase) -> None:
    """Let this browser be, for a while: it has just tried, or its person has just signed out."""
    session[TRIED] = time.time()


def first(view: View) -> View:
    """Make a page try a silent sign-in before it is shown to a guest, when the setting asks for it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_due(request):
            return view(request, *args, **kwargs)
        note(request.session)
        return HttpResponseRedirect(sign_in_url(request.get_full_path(), silent="true"))

    return answer


def _is_due(request: HttpRequest) -> bool:
    """Say whether a person without a login opens a page; programs that read links are not sent round."""
    is_on = settings.FRONTEND_IS_SILENT_LOGIN_ENABLED and settings.OIDC_RP_CLIENT_ID
    is_opened = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if not is_on or not is_opened or request.user.is_authenticated:
        return False
    tried_at: float = request.session.get(TRIED, 0)
    return time.time() - tried_at > EVERY_S
