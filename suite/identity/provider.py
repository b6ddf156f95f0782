"""The identity provider as the settings describe it; its discovery document fills what they leave out."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from mozilla_django_oidc.utils import import_from_settings

from suite.identity.errors import Refused, TokenError
from suite.identity.keys import KeySet, SharedSecret
from suite.identity.outbound import Line
from suite.identity.tokens import Claims, Expected

logger = logging.getLogger("suite.identity")
DISCOVERY_LIFETIME_S = 3600
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
    "OIDC_OP_LOGOUT_ENDPOINT": "end_session_endpoint",
}
REQUIRED = ("OIDC_OP_AUTHORIZATION_ENDPOINT", "OIDC_OP_TOKEN_ENDPOINT")
OPTIONAL = ("OIDC_OP_USER_ENDPOINT", "OIDC_OP_LOGOUT_ENDPOINT")


@dataclass(frozen=True)
class Config:
    """Everything that the settings say of the provider."""

    issuer: str
    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    algorithm: str
    timeout_s: float
    verify: bool | str
    proxy: str
    endpoints: tuple[tuple[str, str], ...]

    @classmethod
    def from_settings(cls) -> Config:
        """Read the settings. Raise `Refused("not_configured")` when no provider is set."""
        issuer, discovery = settings.OIDC_OP_URL, settings.OIDC_OP_DISCOVERY_ENDPOINT
        if not settings.OIDC_RP_CLIENT_ID or not (issuer or discovery):
            raise Refused("not_configured")
        return cls(
            issuer=issuer,
            discovery_url=discovery or issuer.rstrip("/") + WELL_KNOWN,
            client_id=settings.OIDC_RP_CLIENT_ID,
            client_secret=settings.OIDC_RP_CLIENT_SECRET,
            algorithm=settings.OIDC_RP_SIGN_ALGO,
            timeout_s=settings.OIDC_TIMEOUT,
            verify=str(settings.OIDC_CA_BUNDLE or "") or settings.OIDC_VERIFY_SSL,
            proxy=settings.OIDC_PROXY,
            endpoints=tuple((name, getattr(settings, name)) for name in ENDPOINTS),
        )


class Provider:
    """One provider: where its endpoints are and which keys it signs with."""

    def __init__(self, config: Config) -> None:
        self.config = config
        proxies = {"http": config.proxy, "https": config.proxy} if config.proxy else {}
        self.line = Line(config.timeout_s, config.verify, proxies)
        self._document: Mapping[str, Any] = {}
        self._read_at: float | None = None

    @property
    def issuer(self) -> str:
        """Give the provider's own name, which every token must carry."""
        return self.config.issuer or str(self._discovered()["issuer"])

    @property
    def expected(self) -> Expected:
        """Give what a token of this provider for us must say."""
        return Expected(self.issuer, self.config.client_id, self.config.algorithm)

    def endpoint(self, name: str) -> str:
        """Give the address of the endpoint with that setting's name, "" when the provider has none."""
        return dict(self.config.endpoints)[name] or self._discovered_endpoint(name)

    @property
    def names_itself_in_callback(self) -> bool:
        """Say whether the provider announced that it sends `iss` with every answer (RFC 9207 §3)."""
        announced = {} if self._set_by_hand else self._discovered()
        return announced.get("authorization_response_iss_parameter_supported") is True

    @property
    def _set_by_hand(self) -> bool:
        by_hand = dict(self.config.endpoints)
        return bool(self.config.issuer) and all(by_hand[required] for required in REQUIRED)

    def open(self, token: str, what: str) -> Claims:
        """Give the claims of a token that the provider signed. Raise `Refused` with `what` in its code."""
        try:
            return self._keys.open(token)
        except TokenError as error:
            raise Refused(f"{what}_{error.reason}", str(error)) from error

    @cached_property
    def _keys(self) -> KeySet | SharedSecret:
        if self.config.algorithm == "HS256":
            return SharedSecret(self.config.client_secret)
        return KeySet(self._fetch_keys, self.config.algorithm, time.monotonic)

    def _fetch_keys(self) -> Any:
        return self.line.get(self.endpoint("OIDC_OP_JWKS_ENDPOINT")).json()

    def _discovered_endpoint(self, name: str) -> str:
        """Give what discovery says; a provider whose required endpoints are set by hand needs no discovery."""
        if name in OPTIONAL and self._set_by_hand:
            return ""
        value = self._discovered().get(ENDPOINTS[name], "")
        if not isinstance(value, str) or (value and urlsplit(value).scheme not in ("http", "https")):
            raise Refused("op_garbage", f"discovery: {ENDPOINTS[name]}")
        if not value and name not in OPTIONAL:
            raise Refused("op_garbage", f"discovery: no {ENDPOINTS[name]}")
        return value

    def _discovered(self) -> Mapping[str, Any]:
        """Give the discovery document; an old one serves while the provider cannot give a new one."""
        if self._read_at is None or time.monotonic() - self._read_at > DISCOVERY_LIFETIME_S:
            try:
                self._document = self._discover()
            except Refused as error:
                if not self._document:
                    raise
                logger.warning("the provider's old discovery document is still in use: %s", error)
            self._read_at = time.monotonic()
        return self._document

    def _discover(self) -> Mapping[str, Any]:
        """Read the discovery document; its issuer must be the one we were told (Discovery 1.0 §4.3)."""
        document = self.line.get(self.config.discovery_url).json()
        issuer = document.get("issuer") if isinstance(document, dict) else None
        if not isinstance(issuer, str) or not issuer or (self.config.issuer and issuer != self.config.issuer):
            raise Refused("op_garbage", f"discovery: issuer {issuer!r} instead of {self.config.issuer!r}")
        logger.info("read the discovery document of %s", issuer)
        return dict(document)


_known: dict[Config, Provider] = {}


def current() -> Provider:
    """Give the provider of the settings, with what is already known of it. Raise `Refused("not_configured")`."""
    config = Config.from_settings()
    return _known.setdefault(config, Provider(config))


def setting(name: str, *default: Any) -> Any:
    """Give a setting for mozilla-django-oidc, endpoints also from discovery. Raises as `current`."""
    if name in ENDPOINTS:
        return current().endpoint(name)
    return import_from_settings(name, *default)
