"""A stronger proof of who is signed in: the login goes on with another level; whatever is not right changes nothing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client

from suite.identity import assurance
from suite.identity.models import Login
from tests.identity.browsing import HOST, Response, come_back, query, refusal, sign_in_at
from tests.identity.forger import ALICE, Forger


def asked(client: Client, *levels: str, **options: Any) -> dict[str, str]:
    """Start a step-up; give what the provider is asked."""
    response = client.get("/oidc/step-up/", {"acr": levels, **options}, headers={"host": HOST})
    assert response["Cross-Origin-Opener-Policy"] == "unsafe-none"
    return query(response["location"])


def proved(client: Client, forger: Forger, *levels: str, **options: Any) -> Response:
    """Go all the way; give the last page. The provider says that it was proved just now, unless `id_claims` do."""
    question = asked(client, *levels, **options)
    forger.nonce = question["nonce"]
    forger.id_claims = {"auth_time": int(time.time()), **forger.id_claims}
    return come_back(client, state=question["state"], code="the-code")


@pytest.fixture
def login(client: Client, forger: Forger) -> Login:
    """Give alice's login at the level eidas1."""
    forger.id_claims = {"acr": "eidas1"}
    sign_in_at(client, forger)
    return Login.objects.get()


def test_it_works(client: Client, forger: Forger, login: Login) -> None:
    """The same login in the same browser session has the new level; the page closes its own window."""
    key = client.session.session_key
    forger.id_claims = {"acr": "eidas2", "amr": ["pwd", "mfa"]}
    answer = proved(client, forger, "eidas2", "eidas3")
    assert (answer.status_code, answer["Cross-Origin-Opener-Policy"]) == (200, "unsafe-none")
    assert "Your identity is confirmed: eidas2" in answer.content.decode()
    assert "js/pages/stepped_up.js" in answer.content.decode()
    after = Login.objects.get()
    assert (after.pk, after.acr, after.amr, after.ended_at) == (login.pk, "eidas2", ["pwd", "mfa"], None)
    assert client.session.session_key == key


def test_what_the_provider_is_asked(client: Client, login: Login) -> None:
    """One of the levels is essential, and the person proves it anew; ProConnect takes no other way."""
    question = asked(client, "eidas2", "eidas3", "not a level")
    demanded = json.loads(question["claims"])["id_token"]
    assert demanded["acr"] == {"essential": True, "values": ["eidas2", "eidas3"]}
    assert demanded["auth_time"] == {"essential": True}
    assert question["prompt"] == "login"
    assert "max_age" not in question


def test_it_leads_back_to_the_room(client: Client, forger: Forger, login: Login) -> None:
    forger.id_claims = {"acr": "eidas2"}
    assert proved(client, forger, "eidas2", next="/abc-defg-hij")["location"] == "/abc-defg-hij"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"acr": "eidas1"}, 'data-stepped-up="refused"'),
        ({"acr": "eidas0"}, 'data-stepped-up="refused"'),
        ({}, 'data-stepped-up="refused"'),
        ({"acr": "eidas2", "auth_time": 1}, 'data-stepped-up="refused"'),
        ({"acr": "eidas2", "auth_time": None}, 'data-stepped-up="refused"'),
        ({"acr": "eidas2", "auth_time": "now"}, 'data-stepped-up="refused"'),
    ],
)
def test_too_weak(client: Client, forger: Forger, login: Login, claims: dict[str, Any], words: str) -> None:
    """A weaker level, or one proved long ago or nobody knows when, is explained and counts for nothing."""
    forger.id_claims = claims
    answer = proved(client, forger, "eidas2", "eidas0")
    assert (answer.status_code, words in answer.content.decode()) == (403, True)
    assert Login.objects.get().acr == "eidas1"


def test_somebody_else(client: Client, forger: Forger, login: Login) -> None:
    """The account of another person proves nothing about this one."""
    forger.id_claims = {"acr": "eidas2", "sub": "bob"}
    forger.userinfo = {**forger.userinfo, "sub": "bob"}
    answer = proved(client, forger, "eidas2")
    assert "the account of somebody else" in answer.content.decode()
    assert Login.objects.get().acr == "eidas1"
    assert ALICE["sub"] == login.user.sub


def test_the_provider_says_no(client: Client, forger: Forger, login: Login) -> None:
    question = asked(client, "eidas3")
    answer = come_back(client, state=question["state"], error="access_denied")
    assert answer.status_code == 403
    assert "refused" in answer.content.decode()
    assert client.get("/", headers={"host": HOST}).context["user"] == login.user


def test_only_for_those_who_are_signed_in(client: Client, forger: Forger) -> None:
    response = client.get("/oidc/step-up/", {"acr": "eidas2"}, headers={"host": HOST})
    assert refusal(client, response) == ("login_required", 403)


def test_levels_have_an_order() -> None:
    assert assurance.at_least("eidas2") == ["eidas2", "eidas3"]
    assert assurance.at_least("elsewhere") == ["elsewhere"]
    assert assurance.is_weaker("eidas1", "eidas1-mfa")
    assert not assurance.is_weaker("elsewhere", "eidas3")
