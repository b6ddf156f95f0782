"""The pages of refusals: each exists, says its code, and leads somewhere."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from suite.identity import explanations

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", sorted(explanations.ALL))
def test_each_code_has_a_page(client: Client, code: str) -> None:
    response = client.get(f"/oidc/refused/{code}/")
    page = response.content.decode()
    assert 400 <= response.status_code < 500
    assert f">{code}</code>" in page
    assert str(explanations.ALL[code].title) in page
    assert 'href="/"' in page
    assert "no-store" in response["cache-control"]


def test_unknown_code(client: Client) -> None:
    assert client.get("/oidc/refused/unheard-of/").status_code == 404


def test_retry_comes_back_to_the_same_page(client: Client) -> None:
    page = client.get("/oidc/refused/state/?next=/abc-defg-hij/").content.decode()
    assert 'href="/oidc/authenticate/?next=%2Fabc-defg-hij%2F"' in page
    assert 'href="/abc-defg-hij/"' in page


def test_a_foreign_way_back_is_not_offered(client: Client) -> None:
    assert "evil" not in client.get("/oidc/refused/state/?next=//evil.example/").content.decode().split("<main")[1]


def test_silent_sign_in_ends_on_a_page_that_starts_nothing(client: Client) -> None:
    response = client.get("/oidc/refused/login_required/?next=/abc-defg-hij/")
    assert "location" not in response
    assert "refresh" not in response
    assert "silent" not in response.content.decode().split("<main")[1]


def test_button(settings: Settings) -> None:
    html = render_to_string("identity/sign_in_button.html", {"next": "/x/?a=b&c=d"})
    assert 'href="/oidc/authenticate/?next=%2Fx%2F%3Fa%3Db%26c%3Dd"' in html
    assert "What is ProConnect?" in html
    settings.OIDC_PROVIDER_NAME, settings.OIDC_PROVIDER_HELP_URL = "Keycloak", ""
    plain = render_to_string("identity/sign_in_button.html")
    assert "Sign in with <strong>Keycloak</strong>" in plain
    assert "What is" not in plain
