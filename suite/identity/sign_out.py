"""Signing out: here at once, then at the provider, whose answer is only believed with our state."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout as close_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from suite.identity import logins, provider, refusals, silent
from suite.identity.addresses import logout_callback_url
from suite.identity.errors import Refused
from suite.identity.sign_in import ID_TOKEN

logger = logging.getLogger("suite.identity")
STATE = "oidc_logout_state"
STATE_BYTES = 32


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the login here, then send the person to the provider so that it ends theirs.

    Our part comes first: a provider that is down, or a tab closed on its page, must not leave a session open.
    """
    id_token = request.session.get(ID_TOKEN)
    login = logins.current(request)
    if login:
        logins.end(login, keep_session=True)
    close_session(request)
    silent.note(request.session)
    return HttpResponseRedirect(_provider_address(request, id_token) or settings.LOGOUT_REDIRECT_URL)


def _provider_address(request: HttpRequest, id_token: str | None) -> str:
    """Give where the provider signs people out; nothing when it does not, cannot, or never signed this one in."""
    if not id_token:
        return ""
    try:
        endpoint = provider.current().endpoint("OIDC_OP_LOGOUT_ENDPOINT")
    except Refused as error:
        logger.warning("signed out here only: %s", error)
        return ""
    if not endpoint:
        return ""
    state = secrets.token_urlsafe(STATE_BYTES)
    request.session[STATE] = state
    back = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": logout_callback_url()}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(back)}"


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Welcome back a person whom the provider signed out, if it is the answer to our request."""
    expected = request.session.pop(STATE, "")
    if not expected or not constant_time_compare(expected, request.GET.get("state", "")):
        return refusals.redirect(Refused("logout_state"), "/")
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
