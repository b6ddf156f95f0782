"""The forging provider, configured as ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.identity.browsing import HOST, PUBLIC_URL
from tests.identity.forger import CLIENT_ID, CLIENT_SECRET, Forger, serve


@pytest.fixture
def forger(settings: Settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forger]:
    """Give a provider that signs with HS256 and is configured by its issuer only."""
    monkeypatch.setattr("suite.identity.provider._known", {})  # an earlier test's provider may have had this port
    provider = Forger()
    server = serve(provider)
    settings.PUBLIC_URL = PUBLIC_URL
    settings.ALLOWED_HOSTS = [HOST]
    settings.OIDC_OP_URL = provider.issuer
    settings.OIDC_RP_CLIENT_ID = CLIENT_ID
    settings.OIDC_RP_CLIENT_SECRET = CLIENT_SECRET
    settings.OIDC_RP_SIGN_ALGO = "HS256"
    settings.OIDC_TIMEOUT = 20
    yield provider
    server.shutdown()
    server.server_close()
