"""The API's own description: the OpenAPI document, and a page on which people read it and try it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView


class LoginScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes how callers are known."""

    target_class = "visio.rooms.api.callers.LoginAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002
        """Give OpenAPI's words for our session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


schema = SpectacularAPIView.as_view()
schema_json = SpectacularJSONAPIView.as_view()


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the API with Swagger UI, from our own files and without inline code."""
    return render(request, "rooms/api.html")
