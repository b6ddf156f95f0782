"""The request that starts a sign-in."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from django.test import Client
from pytest_django import Settings

from suite.identity import authorization
from tests.identity.browsing import HOST, PUBLIC_URL, refusal, start
from tests.identity.forger import CLIENT_ID, Forger


def test_it_works(client: Client, forger: Forger) -> None:
    response = client.get("/oidc/authenticate/", {"next": "/here/"}, headers={"host": HOST})
    assert response["location"].startswith(f"{forger.issuer}/auth?")
    asked = start(client, "/here/")
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/oidc/callback/"
    assert asked["scope"].split()[0] == "openid"
    assert len(asked["state"]) >= 32
    assert 32 <= len(asked["nonce"]) <= 512
    assert asked["nonce"].isascii()


def test_each_request_has_its_own_secrets(client: Client, forger: Forger) -> None:
    first, second = start(client), start(client)
    assert not {first["state"], first["nonce"], first["code_challenge"]} & set(second.values())


def test_pkce(client: Client, forger: Forger) -> None:
    asked = start(client)
    verifier = client.session["oidc_states"][asked["state"]]["code_verifier"]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", digest)
    assert len(verifier) >= 43


def test_only_parameters_that_the_provider_knows(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"max_age": "0", "ui_locales": "fr"}
    asked = start(client, foo="bar", max_age="0", prompt="login", login_hint="a@b.example", siret_hint="1" * 14)
    assert set(asked) <= set(settings.OIDC_OP_ALLOWED_PARAMETERS)
    assert {"prompt", "login_hint", "siret_hint", "claims"} <= set(asked)


def test_a_provider_without_the_claims_parameter(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_OP_ALLOWED_PARAMETERS = [p for p in settings.OIDC_OP_ALLOWED_PARAMETERS if p != "claims"]
    assert "claims" not in start(client)


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        ({"silent": "true"}, {"prompt": "none"}),
        ({"prompt": "login"}, {"prompt": "login"}),
        ({"prompt": "consent"}, {"prompt": "consent"}),
        ({"prompt": "select_account"}, {}),
        ({"login_hint": "a@b.example"}, {"login_hint": "a@b.example"}),
        ({"login_hint": "x&y"}, {}),
        ({"siret_hint": "130 025 265 00013"}, {"siret_hint": "13002526500013"}),
        ({"siret_hint": "130"}, {}),
        ({"idp_hint": "71144ab3-ee1a"}, {"idp_hint": "71144ab3-ee1a"}),
        ({"idp_hint": "a b\n"}, {}),
        ({"redirect_uri": "https://evil.example"}, {}),
    ],
)
def test_wishes_of_the_page(wish: dict[str, str], asked: dict[str, str]) -> None:
    assert authorization.wishes(wish) == asked


def test_assurance_is_demanded_when_settings_do(client: Client, forger: Forger, settings: Settings) -> None:
    assert json.loads(start(client)["claims"])["id_token"]["acr"] is None
    settings.OIDC_RP_ACR_VALUES = ["eidas2", "eidas3"]
    demanded = json.loads(start(client)["claims"])["id_token"]
    assert demanded["acr"] == {"essential": True, "values": ["eidas2", "eidas3"]}
    assert "amr" in demanded


def test_another_host_starts_where_the_provider_comes_back_to(
    client: Client, forger: Forger, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = [HOST, "other.example"]
    response = client.get("/oidc/authenticate/?next=/x/", headers={"host": "other.example"})
    assert response["location"] == f"{PUBLIC_URL}/oidc/authenticate/?next=%2Fx%2F&moved=1"
    moved = client.get("/oidc/authenticate/?next=/x/&moved=1", headers={"host": "other.example"})
    assert moved["location"].startswith(forger.issuer)


def test_no_provider_is_configured(client: Client, settings: Settings, db: None) -> None:
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = PUBLIC_URL, [HOST]
    settings.OIDC_RP_CLIENT_ID = ""
    response = client.get("/oidc/authenticate/", headers={"host": HOST})
    assert refusal(client, response) == ("not_configured", 404)


def test_post_is_no_sign_in(client: Client, forger: Forger) -> None:
    assert client.post("/oidc/authenticate/", headers={"host": HOST}).status_code == 405
