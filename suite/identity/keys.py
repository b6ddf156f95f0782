"""The provider's public keys: kept for an hour, fetched again when a token does not fit them, but not endlessly."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import jwt

from suite.identity.errors import TokenError
from suite.identity.tokens import Claims, key_id, open_signed

logger = logging.getLogger("suite.identity")
LIFETIME_S = 3600
REFETCHES, REFETCH_WINDOW_S = 5, 60
"""Tokens that fit no key make us ask at most so often, so that forgers cannot use us to load the provider."""
KINDS = {"ES256": "EC", "RS256": "RSA"}


class KeySet:
    """The keys of one provider for one algorithm. `fetch` gives the JWKS document, `clock` seconds that only grow."""

    def __init__(self, fetch: Callable[[], Any], algorithm: str, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._algorithm = algorithm
        self._clock = clock
        self._keys: list[tuple[str | None, jwt.PyJWK]] = []
        self._fetched_at: float | None = None
        self._refetched: deque[float] = deque(maxlen=REFETCHES)

    def open(self, token: str) -> Claims:
        """Give the claims of `token`. Raise `TokenError` when no key of the provider signed it."""
        kid = key_id(token, self._algorithm)
        fresh = self._fresh()
        try:
            return self._try(token, kid)
        except TokenError as error:
            if fresh or error.reason not in ("key", "signature") or not self._may_refetch():
                raise
        logger.info("no key fits a token: asking the provider for its keys again")
        self._load()
        return self._try(token, kid)

    def _fresh(self) -> bool:
        """Load the keys if need be; say whether that was just now."""
        if self._fetched_at is not None and self._clock() - self._fetched_at < LIFETIME_S:
            return False
        self._load()
        return True

    def _load(self) -> None:
        self._keys = list(usable(self._fetch(), self._algorithm))
        self._fetched_at = self._clock()

    def _may_refetch(self) -> bool:
        now = self._clock()
        if len(self._refetched) == REFETCHES and now - self._refetched[0] < REFETCH_WINDOW_S:
            return False
        self._refetched.append(now)
        return True

    def _try(self, token: str, kid: str | None) -> Claims:
        """Try the key that the token names, or those without a name; all of them when it names none."""
        fitting = [key for name, key in self._keys if kid is None or name in (kid, None)]
        for key in fitting:
            try:
                return open_signed(token, key, self._algorithm)
            except TokenError as error:
                if error.reason != "signature":
                    raise
        raise TokenError("signature" if fitting else "key")


def usable(document: Any, algorithm: str) -> Iterable[tuple[str | None, jwt.PyJWK]]:
    """Give the name and key of each JWK that can check `algorithm`; skip the others, whatever they are."""
    listed = document.get("keys") if isinstance(document, dict) else None
    for jwk in listed if isinstance(listed, list) else ():
        if not isinstance(jwk, dict) or jwk.get("kty") != KINDS[algorithm] or jwk.get("use", "sig") != "sig":
            continue
        if jwk.get("alg", algorithm) != algorithm or (algorithm == "ES256" and jwk.get("crv") != "P-256"):
            continue
        try:
            yield (jwk["kid"] if isinstance(jwk.get("kid"), str) else None), jwt.PyJWK(jwk, algorithm)
        except jwt.PyJWTError:
            continue


class SharedSecret:
    """HS256: the client secret is the key, so there is nothing to fetch."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def open(self, token: str) -> Claims:
        """Give the claims of `token`. Raise `TokenError` when our client secret did not sign it."""
        key_id(token, "HS256")
        return open_signed(token, self._secret, "HS256")
