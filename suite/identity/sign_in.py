"""Signing in: to the provider with a request made for this browser, and back with an answer that must fit it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from suite.identity import authorization, logins, provider, refusals, silent
from suite.identity.addresses import callback_url, own_path, public_host
from suite.identity.backend import StrictOIDCBackend
from suite.identity.errors import Refused

BACKEND = "suite.identity.backend.StrictOIDCBackend"
STATES = "oidc_states"
STATE_LIFETIME_S = 3600
ID_TOKEN = "oidc_id_token"  # noqa: S105 (the name of a session entry)


class Request(OIDCAuthenticationRequestView):
    """The redirect to the provider; mozilla-django-oidc makes state, nonce and PKCE."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Give a setting, or an endpoint from discovery."""
        return provider.setting(attr, *args)

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """Add our registered redirect URI and what the page and the settings wish."""
        extra = authorization.extra_parameters(
            request.GET,
            acr_values=settings.OIDC_RP_ACR_VALUES,
            allowed=settings.OIDC_OP_ALLOWED_PARAMETERS,
            configured=settings.OIDC_AUTH_REQUEST_EXTRA_PARAMS,
        )
        return {**extra, "redirect_uri": callback_url()}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Start a sign-in, remembering with its state where to go afterwards."""
        response: HttpResponse = super().get(request)
        newest = list(request.session[STATES].values())[-1]
        newest["next"] = own_path(request.GET.get("next"), request.get_host())
        newest["silent"] = silent.is_wished(request.GET)
        request.session.modified = True
        return response


@never_cache
@require_safe
@refusals.explained
def authenticate(request: HttpRequest) -> HttpResponse:
    """Send the person to the provider, from the host that the provider sends them back to."""
    if request.get_host() != public_host() and "moved" not in request.GET:
        return moved(request)
    return Request().get(request)


def moved(request: HttpRequest) -> HttpResponse:
    """Send the person on to the host that the provider knows."""
    query = request.GET.copy()
    query["moved"] = "1"
    return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}")


def come_in(request: HttpRequest, pending: Mapping[str, Any]) -> HttpResponse:
    """Sign in the person whom the provider sent back, or explain why not to one who asked to be signed in."""
    next_path = pending.get("next") or "/"
    try:
        check_answer(request.GET)
        finish(request, pending)
    except Refused as error:
        return refusals.redirect(error, next_path, is_silent=pending.get("silent", False))
    return HttpResponseRedirect(next_path)


def take_state(session: SessionBase, state: str) -> dict[str, Any] | None:
    """Give what the request with that `state` remembered, once only and within the hour."""
    states = session.get(STATES)
    pending = states.pop(state, None) if isinstance(states, dict) else None
    if pending is None:
        return None
    session.modified = True
    session.save()
    return pending if time.time() - pending["added_on"] < STATE_LIFETIME_S else None


def check_answer(answer: Mapping[str, str]) -> None:
    """Check that the answer is our provider's (RFC 9207 §2.4) and no error. Raise `Refused`."""
    ours = provider.current()
    if "iss" in answer and answer["iss"] != ours.issuer:
        raise Refused("bad_iss_param")
    if "iss" not in answer and ours.names_itself_in_callback:
        raise Refused("bad_iss_param", "missing")
    if "error" in answer:
        raise Refused(error_code(answer["error"]), repr(answer.get("error_description", ""))[:300])
    if not answer.get("code"):
        raise Refused("op_garbage", "neither code nor error")


def error_code(error: str) -> str:
    """Give our code for an error of the provider (OAuth 2.0 §4.1.2.1, OpenID Connect Core §3.1.2.6)."""
    if error in ("login_required", "interaction_required", "consent_required", "account_selection_required"):
        return "login_required"
    if error == "temporarily_unavailable":
        return "op_unreachable"
    return "op_access_denied" if error == "access_denied" else "op_error"


def finish(request: HttpRequest, pending: Mapping[str, Any]) -> None:
    """Turn the code into a session. Raise `Refused` when any proof fails.

    The session is read again after the wait for the provider, so that what other tabs wrote meanwhile stays.
    """
    backend = StrictOIDCBackend()
    user = backend.authenticate(request, nonce=pending["nonce"], code_verifier=pending["code_verifier"])
    if user is None:
        raise Refused("op_garbage", "no user")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(request.session.session_key)
    logins.begin(request, user, BACKEND, backend.proof)
    request.session[ID_TOKEN] = backend.id_token
