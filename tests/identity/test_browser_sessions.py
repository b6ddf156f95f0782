"""The keys of browser sessions: whatever a client sends as its cookie, no page breaks."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.identity.people import make_user, sign_in

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    """A session that we gave out is found again."""
    user = make_user("alice")
    sign_in(client, user)
    assert client.get("/api/v1.0/users/me/").status_code == 200


@pytest.mark.parametrize("key", ['"abcdefghijklm\\000"', "short", "x" * 5_000, "%00" * 20, "abcdefgh-_*'\"ijklmnop"])
def test_a_foreign_key_is_no_session(client: Client, key: str) -> None:
    """The browser is a stranger, and the page is there."""
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    response = client.get("/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
    assert response.status_code == 200
