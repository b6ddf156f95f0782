"""The page behind each refusal: why the sign-in stopped and what the person can do, with a stable code."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from suite.identity import explanations, silent
from suite.identity.addresses import own_path, refused_url, sign_in_url
from suite.identity.errors import Refused
from suite.identity.explanations import Explanation

logger = logging.getLogger("suite.identity")
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Way:
    """A button of the page."""

    label: str | Promise
    url: str


@never_cache
@require_safe
def refused(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page of `code`; its status is the code's, and reloading it repeats nothing."""
    explanation = explanations.ALL.get(code)
    if explanation is None:
        raise Http404
    back = own_path(request.GET.get("next"), request.get_host())
    context = {
        "refusal": explanation,
        "code": code,
        "ways": ways(explanation, back),
        "provider_name": settings.OIDC_PROVIDER_NAME,
    }
    return render(request, "identity/refused.html", context, status=explanation.status)


def ways(explanation: Explanation, back: str) -> list[Way]:
    """Give the ways out of the page, the most useful one first."""
    found = []
    if explanation.retry:
        found.append(Way(explanations.RETRY, sign_in_url(back)))
    if explanation.other_account:
        found.append(Way(explanations.OTHER_ACCOUNT, sign_in_url(back, prompt="login")))
    if explanation.guest and back != "/":
        found.append(Way(explanations.AS_GUEST, back))
    return [*found, Way(explanations.HOME, "/")]


def redirect(error: Refused, next_path: str, *, is_silent: bool = False) -> HttpResponse:
    """Log a refusal and send the person to its page, after a silent sign-in to the one that they wanted."""
    known = error.code if error.code in explanations.ALL else "op_error"
    note(error)
    if is_silent:
        return HttpResponseRedirect(next_path)
    return HttpResponseRedirect(refused_url(known, next_path))


def note(error: Refused) -> None:
    """Log a refusal; that somebody is not signed in at the provider is nobody's fault."""
    level = logging.INFO if error.code == "login_required" else logging.WARNING
    logger.log(level, "sign-in refused: %.300s", error)


def explained(view: View) -> View:
    """Make `view` answer a refusal with its page."""

    @functools.wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refused as error:
            next_path = own_path(request.GET.get("next"), request.get_host())
            return redirect(error, next_path, is_silent=silent.is_wished(request.GET))

    return answer
