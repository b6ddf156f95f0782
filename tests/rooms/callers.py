"""Browsers that call the REST API."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from suite.identity.models import User
from tests.identity.people import sign_in

API = "/api/v1.0"


class Caller:
    """One browser: a guest's, or that of somebody who has signed in; it sends the CSRF token like our pages do."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
        self.login = sign_in(self.client, user) if user else None

    def get(self, path: str, **query: str) -> HttpResponse:
        """Read."""
        return self.client.get(API + path, query)  # type: ignore[return-value]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Write; a text or bytes `body` goes out as it is, anything else as JSON."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"X-CSRFToken": "a" * 32} | headers
        kind = "application/json"
        return self.client.generic(method, API + path, content, content_type=kind, headers=headers)  # type: ignore[return-value]

    def post(self, path: str, body: Any = None) -> HttpResponse:
        """Make."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any = None) -> HttpResponse:
        """Change a part."""
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> HttpResponse:
        """End."""
        return self.send("DELETE", path)


def body_of(response: HttpResponse) -> dict[str, Any]:
    """Give the JSON of an answer."""
    body: dict[str, Any] = json.loads(response.content)
    return body
