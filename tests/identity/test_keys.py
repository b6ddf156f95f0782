"""The cache of the provider's keys: fetched once, again when a token does not fit, never endlessly."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from suite.identity import keys
from suite.identity.errors import TokenError
from suite.identity.keys import KeySet


class Source:
    """A provider's JWKS and a clock."""

    def __init__(self, kid: str | None = "a") -> None:
        self.now, self.fetched = 0.0, 0
        self.rotate(kid)

    def rotate(self, kid: str | None) -> None:
        self.kid, self.key = kid, ec.generate_private_key(ec.SECP256R1())

    def fetch(self) -> Any:
        self.fetched += 1
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**jwk, **({"kid": self.kid} if self.kid else {})}]}

    def sign(self, kid: str | None) -> str:
        return jwt.encode({"a": 1}, self.key, algorithm="ES256", headers={"kid": kid} if kid else {})

    def key_set(self) -> KeySet:
        return KeySet(self.fetch, "ES256", lambda: self.now)


def test_it_works() -> None:
    source = Source()
    found = source.key_set()
    for _ in range(3):
        assert found.open(source.sign("a")) == {"a": 1}
    assert source.fetched == 1


def test_fetched_again_after_an_hour() -> None:
    source = Source()
    found = source.key_set()
    found.open(source.sign("a"))
    source.now = keys.LIFETIME_S
    found.open(source.sign("a"))
    assert source.fetched == 2


@pytest.mark.parametrize("kid", ["b", "a"], ids=["new name", "same name, so a bad signature"])
def test_rotated_key(kid: str) -> None:
    source = Source()
    found = source.key_set()
    found.open(source.sign("a"))
    source.rotate(kid)
    assert found.open(source.sign(kid)) == {"a": 1}
    assert source.fetched == 2


@pytest.mark.parametrize(("published", "named"), [(None, "a"), (None, None), ("a", None)])
def test_keys_without_names(published: str | None, named: str | None) -> None:
    source = Source(published)
    assert source.key_set().open(source.sign(named)) == {"a": 1}


def test_forgers_cannot_make_us_load_the_provider() -> None:
    source, forger = Source(), Source()
    found = source.key_set()
    found.open(source.sign("a"))
    for _ in range(50):
        with pytest.raises(TokenError, match="key"):
            found.open(forger.sign("x"))
    assert source.fetched == 1 + keys.REFETCHES
    source.now = keys.REFETCH_WINDOW_S
    source.rotate("b")
    assert found.open(source.sign("b")) == {"a": 1}


def test_a_key_of_another_kind_is_not_used() -> None:
    source = Source()
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(source.key.public_key(), as_dict=True)
    secret = {"kty": "oct", "k": "c2VjcmV0", "alg": "ES256"}
    unusable = [secret, {**jwk, "use": "enc"}, {**jwk, "alg": "ES384"}, {**jwk, "crv": "P-384"}, {**jwk, "x": "?"}]
    assert list(keys.usable({"keys": unusable}, "ES256")) == []


@pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": "x"}, {"keys": [1, None, "x", {}]}])
def test_garbage_is_no_key(document: Any) -> None:
    assert list(keys.usable(json.loads(json.dumps(document)), "ES256")) == []
