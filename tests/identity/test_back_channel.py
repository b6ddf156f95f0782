"""Sign-out told by the provider: one browser when it names a session, all when it names a person."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from suite.identity.models import Login, User
from suite.identity.tokens import LOGOUT_EVENT
from tests.identity.browsing import HOST, sign_in_at
from tests.identity.forger import ALICE, CLIENT_ID, Claims, Forger


def tell(forger: Forger, dropped: str = "", **claims: Any) -> int:
    """Send a logout token with the browserless client of the provider; give the status."""
    now = int(time.time())
    honest = {
        "iss": forger.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 60,
        "jti": "j",
        "events": {LOGOUT_EVENT: {}},
    }
    token = forger.sign({name: value for name, value in {**honest, **claims}.items() if name != dropped})
    answer = Client(enforce_csrf_checks=True).post(
        "/oidc/backchannel-logout/", {"logout_token": token}, headers={"host": HOST}
    )
    assert "no-store" in answer["cache-control"]
    return answer.status_code


@pytest.fixture
def browsers(forger: Forger) -> tuple[Client, Client]:
    """Give two browsers of one person, with the provider's sessions s1 and s2."""
    found = Client(), Client()
    for number, browser in enumerate(found, 1):
        forger.id_claims = {"sid": f"s{number}"}
        sign_in_at(browser, forger)
    return found


def signed_in(browsers: tuple[Client, Client]) -> list[bool]:
    return ["_auth_user_id" in browser.session for browser in browsers]


def test_it_works(forger: Forger, browsers: tuple[Client, Client]) -> None:
    assert tell(forger, sid="s1", sub=ALICE["sub"]) == 200
    assert signed_in(browsers) == [False, True]
    assert Login.objects.get(sid="s1").ended_at is not None


def test_session_only(forger: Forger, browsers: tuple[Client, Client]) -> None:
    assert tell(forger, sid="s2") == 200
    assert signed_in(browsers) == [True, False]


def test_person_only(forger: Forger, browsers: tuple[Client, Client]) -> None:
    assert tell(forger, sub=ALICE["sub"]) == 200
    assert signed_in(browsers) == [False, False]


def test_session_of_somebody_else(forger: Forger, browsers: tuple[Client, Client]) -> None:
    assert tell(forger, sid="s1", sub="somebody-else") == 200
    assert signed_in(browsers) == [True, True]


def test_person_of_another_provider(forger: Forger, browsers: tuple[Client, Client]) -> None:
    User.objects.update(issuer="https://other.example")
    assert tell(forger, sub=ALICE["sub"]) == 200
    assert signed_in(browsers) == [True, True]


@pytest.mark.parametrize(
    ("claims", "dropped"),
    [
        ({"iss": "https://other.example"}, ""),
        ({"aud": "another-rp"}, ""),
        ({"exp": 1}, ""),
        ({}, "exp"),
        ({}, "iat"),
        ({}, "events"),
        ({"events": {"other": {}}}, ""),
        ({"events": [LOGOUT_EVENT]}, ""),
        ({"nonce": "n"}, ""),
        ({}, "sub"),
        ({"sid": 7}, ""),
    ],
)
def test_wrong_token(forger: Forger, browsers: tuple[Client, Client], claims: Claims, dropped: str) -> None:
    assert tell(forger, dropped, **{"sub": ALICE["sub"], **claims}) == 400
    assert signed_in(browsers) == [True, True]


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 70_000])
def test_garbage(client: Client, forger: Forger, token: str) -> None:
    answer = client.post("/oidc/backchannel-logout/", {"logout_token": token}, headers={"host": HOST})
    assert answer.status_code == 400


def test_get_is_no_logout(client: Client, forger: Forger, settings: Settings) -> None:
    assert client.get("/oidc/backchannel-logout/", headers={"host": HOST}).status_code == 405
