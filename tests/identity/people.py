"""People for tests, and a sign-in as the identity provider's callback does it, without the provider."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client

from suite.identity import logins
from suite.identity.models import Login, User
from suite.identity.sign_in import BACKEND

ISSUER = "https://idp.example"


def make_user(name: str = "alice", **fields: Any) -> User:
    """Make a public agent."""
    given = {"given_name": name.title(), "usual_name": "Test", "email": f"{name}@agents.example"}
    return User.objects.create_user(ISSUER, f"sub-{name}", **{**given, "roles": ["agent_public"], **fields})


def sign_in(client: Client, user: User, **proof: Any) -> Login:
    """Sign `user` in in `client`'s browser and give the login."""
    request = HttpRequest()
    request.session = client.session
    request.user = get_user(request)
    login = logins.begin(request, user, BACKEND, proof)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
    return login
