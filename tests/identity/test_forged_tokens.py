"""Forged, stale and foreign tokens: each is refused with a page that names it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django import Settings

from suite.identity.models import Login, User
from tests.identity.browsing import refusal, sign_in_at
from tests.identity.forger import ALICE, CLIENT_ID, RSA_KEY, Claims, Forger


def in_seconds(seconds: int) -> int:
    return int(time.time()) + seconds


@pytest.mark.parametrize("algorithm", ["HS256", "ES256", "RS256"])
def test_it_works(client: Client, forger: Forger, settings: Settings, algorithm: str) -> None:
    forger.algorithm = settings.OIDC_RP_SIGN_ALGO = algorithm
    response = sign_in_at(client, forger, "/somewhere/?a=1")
    assert (response.status_code, response["location"]) == (302, "/somewhere/?a=1")
    user = User.objects.get()
    assert (user.issuer, user.sub) == (forger.issuer, ALICE["sub"])
    assert (user.full_name, user.siret, user.organization_label) == ("Alice Martin", "13002526500013", "Ministère")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session["login"] == str(Login.objects.get().pk)


CASES: list[tuple[str, Claims, set[str]]] = [
    ("id_token_aud", {"aud": "another-rp"}, set()),
    ("id_token_aud", {}, {"aud"}),
    ("id_token_aud", {"aud": []}, set()),
    ("id_token_aud", {"aud": {"visio-test": 1}}, set()),
    ("id_token_iss", {"iss": "https://other.example"}, set()),
    ("id_token_iss", {}, {"iss"}),
    ("id_token_exp", {}, {"exp"}),
    ("id_token_exp", {"exp": "tomorrow"}, set()),
    ("id_token_exp", {"exp": True}, set()),
    ("id_token_exp", {"exp": float("nan")}, set()),
    ("id_token_exp", {"exp": float("inf")}, set()),
    ("id_token_exp", {"exp": 10**400}, set()),
    ("id_token_iat", {"iat": -1}, set()),
    ("id_token_expired", {"exp": 1}, set()),
    ("id_token_iat", {}, {"iat"}),
    ("id_token_sub", {}, {"sub"}),
    ("id_token_sub", {"sub": ""}, set()),
    ("id_token_sub", {"sub": 7}, set()),
    ("id_token_sub", {"sub": "x" * 256}, set()),
    ("id_token_azp", {"azp": "another-rp"}, set()),
    ("id_token_azp", {"aud": [CLIENT_ID, "another-rp"]}, set()),
    ("id_token_azp", {"aud": [CLIENT_ID, "another-rp"], "azp": "another-rp"}, set()),
    ("id_token_nonce", {"nonce": "of another visit"}, set()),
    ("id_token_nonce", {}, {"nonce"}),
    ("id_token_at_hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, set()),
    ("id_token_at_hash", {"at_hash": None}, set()),
]


@pytest.mark.parametrize(("code", "claims", "dropped"), CASES)
def test_wrong_claim(client: Client, forger: Forger, code: str, claims: Claims, dropped: set[str]) -> None:
    forger.id_claims, forger.dropped = claims, dropped
    assert refusal(client, sign_in_at(client, forger)) == (code, 400)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("claim", "seconds", "code"),
    [
        ("exp", -1, None),
        ("exp", -25, None),
        ("exp", -40, "id_token_expired"),
        ("iat", 25, None),
        ("iat", 40, "id_token_early"),
        ("nbf", 25, None),
        ("nbf", 40, "id_token_early"),
    ],
)
def test_clocks_may_differ_by_half_a_minute(
    client: Client, forger: Forger, claim: str, seconds: int, code: str | None
) -> None:
    forger.id_claims = {claim: in_seconds(seconds)}
    response = sign_in_at(client, forger)
    if code:
        assert refusal(client, response) == (code, 400)
    else:
        assert response["location"] == "/"


def test_several_audiences_with_us_as_authorised_party(client: Client, forger: Forger) -> None:
    forger.id_claims = {"aud": ["another-rp", CLIENT_ID], "azp": CLIENT_ID}
    assert sign_in_at(client, forger)["location"] == "/"


def test_hash_of_the_access_token(client: Client, forger: Forger) -> None:
    half = hashlib.sha256(b"access").digest()[:16]
    forger.id_claims = {"at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode()}
    assert sign_in_at(client, forger)["location"] == "/"


def unsigned(_forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none")


def with_public_key_as_secret(forger: Forger, claims: Claims) -> str:
    """The classic confusion: HMAC with the text of a public key that everybody can read."""
    pem = forger.ec_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _hmac_by_hand(claims, pem)


def _hmac_by_hand(claims: Claims, key: bytes) -> str:
    parts = [json.dumps({"alg": "HS256", "kid": "one"}).encode(), json.dumps(claims).encode()]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = hmac.new(key, text, "sha256").digest()
    return (text + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def with_rsa(_forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, RSA_KEY, algorithm="RS256", headers={"kid": "one"})


def with_own_key(_forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers={"kid": "one"})


def with_unknown_kid(forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, forger.ec_key, algorithm="ES256", headers={"kid": "unheard-of"})


def with_wrong_secret(_forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, "another-client-secret-of-32-bytes!!", algorithm="HS256")


def with_embedded_key(forger: Forger, claims: Claims) -> str:
    """The token brings its own key along, and says that it fits."""
    own = ec.generate_private_key(ec.SECP256R1())
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(own.public_key(), as_dict=True)
    places = {"jku": f"{forger.issuer}/jwks-of-an-attacker", "x5u": f"{forger.issuer}/certificate-of-an-attacker"}
    return jwt.encode(claims, own, algorithm="ES256", headers={"kid": "one", "jwk": jwk, **places})


def with_critical_header(forger: Forger, claims: Claims) -> str:
    return jwt.encode(claims, forger.key, algorithm=forger.algorithm, headers={"kid": "one", "crit": ["odd"]})


def garbage(_forger: Forger, _claims: Claims) -> str:
    return "not.a.token"


def nested(_forger: Forger, _claims: Claims) -> str:
    return f"{base64.urlsafe_b64encode(b'[' * 30_000).decode()}.e30.e30"


def nested_claims(forger: Forger, _claims: Claims) -> str:
    return jwt.PyJWS().encode(b"[" * 30_000, forger.key, algorithm=forger.algorithm, headers={"kid": "one"})


def endless(_forger: Forger, _claims: Claims) -> str:
    return "x" * 100_000


@pytest.mark.parametrize(
    ("algorithm", "signer", "reason"),
    [
        ("ES256", unsigned, "alg"),
        ("HS256", unsigned, "alg"),
        ("ES256", with_public_key_as_secret, "alg"),
        ("ES256", with_rsa, "alg"),
        ("ES256", with_own_key, "signature"),
        ("ES256", with_unknown_kid, "key"),
        ("HS256", with_wrong_secret, "signature"),
        ("ES256", with_embedded_key, "signature"),
        ("ES256", with_critical_header, "malformed"),
        ("HS256", with_critical_header, "malformed"),
        ("ES256", garbage, "malformed"),
        ("ES256", endless, "malformed"),
        ("ES256", nested, "malformed"),
        ("ES256", nested_claims, "malformed"),
    ],
)
@pytest.mark.parametrize("what", ["id_token", "userinfo"])
def test_wrong_signature(
    client: Client, forger: Forger, settings: Settings, what: str, algorithm: str, signer: Any, reason: str
) -> None:
    forger.algorithm = settings.OIDC_RP_SIGN_ALGO = algorithm
    if what == "id_token":
        forger.signer = signer
    else:
        forger.userinfo_signer = signer
    assert refusal(client, sign_in_at(client, forger)) == (f"{what}_{reason}", 400)
    assert not [path for path, _, _ in forger.asked if "attacker" in path]


@pytest.mark.parametrize(
    ("code", "claims", "dropped"),
    [
        ("userinfo_sub", {"sub": "somebody-else"}, set()),
        ("userinfo_sub", {}, {"sub"}),
        ("userinfo_iss", {"iss": "https://other.example"}, set()),
        ("userinfo_iss", {}, {"iss"}),
        ("userinfo_aud", {"aud": "another-rp"}, set()),
        ("userinfo_aud", {}, {"aud"}),
        ("userinfo_expired", {"exp": 1}, set()),
        ("userinfo_early", {"iat": 99_999_999_999}, set()),
    ],
)
def test_wrong_userinfo(client: Client, forger: Forger, code: str, claims: Claims, dropped: set[str]) -> None:
    forger.userinfo |= claims
    forger.userinfo_dropped = dropped
    assert refusal(client, sign_in_at(client, forger)) == (code, 400)


def test_plain_userinfo_of_somebody_else(client: Client, forger: Forger) -> None:
    forger.signed_userinfo = False
    forger.userinfo["sub"] = "somebody-else"
    assert refusal(client, sign_in_at(client, forger)) == ("userinfo_sub", 400)


def test_plain_userinfo(client: Client, forger: Forger, settings: Settings) -> None:
    forger.signed_userinfo = False
    assert sign_in_at(client, forger)["location"] == "/"
    settings.OIDC_OP_USER_ENDPOINT_FORMAT = "JWT"
    other = Client()
    assert refusal(other, sign_in_at(other, forger)) == ("userinfo_unsigned", 400)
