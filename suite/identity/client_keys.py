"""Publishes our public key, with which the provider checks our private_key_jwt."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from suite.identity import client_proof


@require_safe
def jwks(_request: HttpRequest) -> JsonResponse:
    """Give our key set; 404 while we have no key."""
    if not settings.OIDC_RP_PRIVATE_KEY:
        raise Http404
    return JsonResponse({"keys": [client_proof.public_jwk(settings.OIDC_RP_PRIVATE_KEY)]})
