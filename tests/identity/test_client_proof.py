"""How we prove to the token endpoint who we are."""

from __future__ import annotations

import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client
from pytest_django import Settings

from suite.identity import client_proof
from tests.identity.browsing import HOST, sign_in_at
from tests.identity.forger import CLIENT_ID, CLIENT_SECRET, RSA_KEY, Forger


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    form, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(form, kind, serialization.NoEncryption()).decode()


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256R1()), RSA_KEY], ids=["P-256", "RSA"])
def test_private_key_jwt(
    client: Client, forger: Forger, settings: Settings, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> None:
    settings.OIDC_RP_TOKEN_AUTH_METHOD, settings.OIDC_RP_PRIVATE_KEY = "private_key_jwt", pem(key)
    assert sign_in_at(client, forger)["location"] == "/"
    form = forger.form("/token")
    assert "client_secret" not in form
    assert form["client_assertion_type"] == client_proof.ASSERTION_TYPE
    published = client.get("/oidc/jwks/", headers={"host": HOST}).json()["keys"][0]
    assert not set(published) & {"d", "p", "q", "dp", "dq", "qi"}
    assert jwt.get_unverified_header(form["client_assertion"])["kid"] == published["kid"]
    said = jwt.decode(
        form["client_assertion"], jwt.PyJWK(published), audience=f"{forger.issuer}/token", issuer=CLIENT_ID
    )
    assert said["sub"] == CLIENT_ID
    assert len(said["jti"]) >= 32
    assert said["exp"] <= time.time() + 60


def test_basic(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_RP_TOKEN_AUTH_METHOD = "client_secret_basic"
    assert sign_in_at(client, forger)["location"] == "/"
    assert "client_secret" not in forger.form("/token")
    assert CLIENT_SECRET not in str(forger.form("/token"))


def test_no_key_is_published_without_one(client: Client) -> None:
    assert client.get("/oidc/jwks/").status_code == 404


def test_a_key_that_cannot_serve() -> None:
    with pytest.raises(ValueError, match="P-256"):
        client_proof.load_key(pem(ec.generate_private_key(ec.SECP384R1())))
