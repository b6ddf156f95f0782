"""Sign-out told by the provider, without a browser (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import logging
import time

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from suite.identity import logins, provider, tokens
from suite.identity.claims import line
from suite.identity.errors import Refused, TokenError
from suite.identity.models import Login
from suite.identity.tokens import Claims

logger = logging.getLogger("suite.identity")


@csrf_exempt
@never_cache
@require_POST
def back_channel_logout(request: HttpRequest) -> HttpResponse:
    """End the logins that the provider's logout token names; its signature is the only authority needed."""
    try:
        claims = _logout_claims(request.POST.get("logout_token", ""))
    except (Refused, TokenError) as error:
        logger.warning("back-channel logout refused: %s", error)
        return JsonResponse({"error": "invalid_request"}, status=400)
    for login in _named(claims):
        logins.end(login)
    return HttpResponse()


def _logout_claims(token: str) -> Claims:
    ours = provider.current()
    claims = ours.open(token, "logout_token")
    tokens.check_logout_token(claims, ours.expected, now=time.time())
    return claims


def _named(claims: Claims) -> QuerySet[Login]:
    """Give the one login of a provider's session; without `sid` all of the person's."""
    found = Login.objects.filter(user__issuer=claims["iss"], ended_at=None)
    if "sub" in claims:
        found = found.filter(user__sub=claims["sub"])
    return found.filter(sid=line(claims["sid"])) if "sid" in claims else found
