"""The one address to which the provider sends people back: a sign-in, or a stronger proof of who is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from suite.identity import refusals, sign_in, step_up
from suite.identity.errors import Refused


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Finish what the request with this `state` began, or explain why not."""
    pending = sign_in.take_state(request.session, request.GET.get("state", ""))
    if pending is None:
        return refusals.redirect(Refused("state"), "/")
    return step_up.finish(request, pending) if "levels" in pending else sign_in.come_in(request, pending)
