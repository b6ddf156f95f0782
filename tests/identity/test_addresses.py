"""Where a person may be sent after signing in: only to our own pages."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from suite.identity.addresses import own_path


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/abc-defg-hij/?a=1#b", "/abc-defg-hij/?a=1#b"),
        ("http://visio.example/x", "/x"),
        ("http://other.example/x", "/x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("http://visio.example//evil.example/", "/"),
        ("http://visio.example@evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("relative", "/"),
        ("/oidc/authenticate/", "/"),
        ("/oidc/logout/", "/"),
        ("", "/"),
        (None, "/"),
        ("/a\nb", "/ab"),
    ],
)
def test_own_path(settings: Settings, address: str | None, path: str) -> None:
    settings.PUBLIC_URL = "http://visio.example"
    assert own_path(address, "other.example") == path
