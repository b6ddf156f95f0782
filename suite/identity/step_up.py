"""Proving one's identity more strongly while signed in: the same person, the same login, a higher assurance level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from suite.identity import assurance, authorization, explanations, logins, refusals
from suite.identity.addresses import callback_url, own_path, public_host
from suite.identity.backend import StrictOIDCBackend
from suite.identity.errors import Refused
from suite.identity.models import Login
from suite.identity.sign_in import ID_TOKEN, STATES, Request, check_answer, moved
from suite.identity.tokens import Claims

LEVEL = re.compile(r"[\w.:/-]{1,100}", re.ASCII)
LEVELS_MAX = 20
CLOCK_SKEW_S = 30


class StrongerRequest(Request):
    """The redirect to the provider that asks for one of `levels`, and for the person to prove it now."""

    def __init__(self, levels: list[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Django's views have no types
        self.levels = levels

    def get_extra_params(self, _request: HttpRequest) -> dict[str, str]:
        """Ask for the levels as essential; `prompt` because ProConnect refuses `max_age`."""
        extra = authorization.extra_parameters(
            {"prompt": "login"},
            acr_values=self.levels,
            allowed=settings.OIDC_OP_ALLOWED_PARAMETERS,
            configured=settings.OIDC_AUTH_REQUEST_EXTRA_PARAMS,
        )
        return {**extra, "redirect_uri": callback_url()}


@never_cache
@require_safe
@refusals.explained
def step_up(request: HttpRequest) -> HttpResponse:
    """Send somebody who is signed in to the provider for one of the levels `acr`; `next`: in the same window."""
    if request.get_host() != public_host() and "moved" not in request.GET:
        return moved(request)
    login, levels = logins.current(request), [acr for acr in request.GET.getlist("acr") if LEVEL.fullmatch(acr)]
    if login is None or not levels:
        raise Refused("login_required")
    response = StrongerRequest(levels[:LEVELS_MAX]).get(request)
    newest = list(request.session[STATES].values())[-1]
    newest |= {"levels": levels[:LEVELS_MAX], "login": str(login.pk)}
    request.session.modified = True
    return _for_popup(response)


def finish(request: HttpRequest, pending: Mapping[str, Any]) -> HttpResponse:
    """Note the level that the provider has proved, and tell the page that asked; a refusal changes nothing."""
    next_path = own_path(pending.get("next"), request.get_host())
    try:
        login = _stronger(request, pending)
    except Refused as error:
        refusals.note(error)
        return _done(request, next_path, explanations.ALL.get(error.code, explanations.ALL["op_error"]))
    if next_path != "/":
        return HttpResponseRedirect(next_path)
    return _done(request, next_path, None, login.acr)


def _stronger(request: HttpRequest, pending: Mapping[str, Any]) -> Login:
    """Give the login with its new level. Raise `Refused` when any proof fails."""
    check_answer(request.GET)
    backend = StrictOIDCBackend()
    user = backend.authenticate(request, nonce=pending["nonce"], code_verifier=pending["code_verifier"])
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(request.session.session_key)
    login = logins.current(request)
    if login is None or str(login.pk) != pending["login"]:
        raise Refused("login_required")
    if user is None or user.pk != login.user_id:
        raise Refused("other_person")
    _check_level(backend.proof, login, pending)
    logins.strengthen(login, backend.proof)
    request.session[ID_TOKEN] = backend.id_token
    return login


def _check_level(proof: Claims, login: Login, pending: Mapping[str, Any]) -> None:
    """Check that the level is one of those asked for, no weaker than before, and proved just now."""
    acr, moment = proof.get("acr"), proof.get("auth_time")
    if acr not in pending["levels"] or assurance.is_weaker(str(acr), login.acr):
        raise Refused("acr", repr(acr))
    if not isinstance(moment, int | float) or moment < pending["added_on"] - CLOCK_SKEW_S:
        raise Refused("acr", "not proved anew")


def _done(
    request: HttpRequest, next_path: str, refusal: explanations.Explanation | None, level: str = ""
) -> HttpResponse:
    context = {"refusal": refusal, "next": next_path, "level": level}
    return _for_popup(render(request, "identity/stepped_up.html", context, status=refusal.status if refusal else 200))


def _for_popup(response: HttpResponse) -> HttpResponse:
    """Let the window stay one that its opener made, so that it may close itself."""
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response
