"""The switch between light and dark."""

from __future__ import annotations

import pytest
from django.test import Client

from suite.theme.looks import COOKIE

pytestmark = pytest.mark.django_db


def test_it_follows_the_system_at_first(client: Client) -> None:
    """A browser that chose nothing gets the system's colours."""
    assert b'data-look="auto"' in client.get("/").content


def test_it_keeps_the_choice(client: Client) -> None:
    """The next page comes in the chosen look, and the way leads back to where the choice was made."""
    response = client.post("/look/", {"look": "dark", "next": "/abc-defg-hij?x=1"})
    assert (response.status_code, response["Location"]) == (302, "/abc-defg-hij?x=1")
    assert b'data-look="dark"' in client.get("/").content


def test_an_unknown_look_changes_nothing(client: Client) -> None:
    """Only the three looks are kept."""
    client.post("/look/", {"look": "pink"})
    assert COOKIE not in client.cookies


def test_a_forged_cookie_is_ignored(client: Client) -> None:
    """What the cookie says never reaches the page unless it is a look."""
    client.cookies[COOKIE] = "x onload=alert(1)"
    assert b'data-look="auto"' in client.get("/").content


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(client: Client, address: str) -> None:
    """The way back stays on this site."""
    assert client.post("/look/", {"look": "dark", "next": address})["Location"] == "/"
