"""The steps of a sign-in as a browser takes them, for tests with the forging provider."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.identity.forger import Forger

HOST = "visio.example"
PUBLIC_URL = f"http://{HOST}"
Response = Any
"""What Django's test client answers; its stubs name the class privately."""


def query(url: str) -> dict[str, str]:
    """Give the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def start(client: Client, next_path: str = "/", **options: str) -> dict[str, str]:
    """Start a sign-in; give what the provider is asked."""
    response = client.get("/oidc/authenticate/", {"next": next_path, **options}, headers={"host": HOST})
    assert response.status_code == 302, response.content
    return query(response["location"])


def come_back(client: Client, **answer: str) -> Response:
    """Come back from the provider with that answer."""
    return client.get("/oidc/callback/", answer, headers={"host": HOST})


def sign_in_at(client: Client, forger: Forger, next_path: str = "/", **answer: str) -> Response:
    """Go all the way; give what the callback answers."""
    asked = start(client, next_path)
    forger.nonce = asked["nonce"]
    return come_back(client, **{"state": asked["state"], "code": "the-code", **answer})


def refusal(client: Client, response: Response) -> tuple[str, int]:
    """Follow a refusal to its page; give the code that the page shows and its status."""
    assert response.status_code == 302, response.status_code
    assert response["location"].startswith("/oidc/refused/"), response["location"]
    assert "_auth_user_id" not in client.session
    page = client.get(response["location"], headers={"host": HOST})
    code = urlsplit(response["location"]).path.split("/")[3]
    assert f">{code}</code>" in page.content.decode()
    return code, page.status_code
