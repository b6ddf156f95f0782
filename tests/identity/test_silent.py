"""Silent sign-in: started by pages where the setting is on, and never in the way of a guest."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from suite.identity.silent import EVERY_S, TRIED
from tests.identity.browsing import HOST, come_back, query, sign_in_at, start
from tests.identity.forger import Forger, Reply
from tests.identity.people import make_user
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel

BY_A_PERSON = {"host": HOST, "sec-fetch-mode": "navigate"}


@pytest.fixture(autouse=True)
def _switched_on(settings: Settings) -> None:
    settings.FRONTEND_IS_SILENT_LOGIN_ENABLED = True


def open_page(client: Client, path: str, **headers: str) -> Any:
    """Open a page as a person's browser does."""
    return client.get(path, headers={**BY_A_PERSON, **headers})


@pytest.mark.parametrize("error", ["login_required", "interaction_required", "access_denied", "server_error"])
def test_a_guest_goes_on_to_the_page(client: Client, forger: Forger, error: str) -> None:
    room = Room.create(make_user("owner"), "Council", AccessLevel.PUBLIC)
    page = f"/{room.slug}"
    begun = open_page(client, page)
    assert begun["location"] == f"/oidc/authenticate/?next=%2F{room.slug}&silent=true"
    asked = query(client.get(begun["location"], headers=BY_A_PERSON)["location"])
    assert asked["prompt"] == "none"
    assert come_back(client, state=asked["state"], error=error)["location"] == page
    assert open_page(client, page).status_code == 200


def test_who_is_signed_in_at_the_provider_comes_in(client: Client, forger: Forger) -> None:
    asked = query(client.get(open_page(client, "/")["location"], headers=BY_A_PERSON)["location"])
    forger.nonce = asked["nonce"]
    assert come_back(client, state=asked["state"], code="the-code")["location"] == "/"
    assert "_auth_user_id" in client.session
    assert open_page(client, "/").status_code == 200


def test_a_provider_that_is_down_is_in_nobodys_way(client: Client, forger: Forger) -> None:
    forger.replies["/.well-known/openid-configuration"] = Reply(b"", 503)
    begun = open_page(client, "/")
    assert client.get(begun["location"], headers=BY_A_PERSON)["location"] == "/"
    assert open_page(client, "/").status_code == 200


def test_it_is_tried_again_later(client: Client, forger: Forger) -> None:
    open_page(client, "/")
    session = client.session
    session[TRIED] -= EVERY_S + 1
    session.save()
    assert open_page(client, "/").status_code == 302


def test_who_has_signed_out_stays_out(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    client.post("/oidc/logout/", headers={"host": HOST})
    assert open_page(client, "/").status_code == 200


def test_programs_and_other_requests_get_the_page(client: Client, forger: Forger) -> None:
    assert client.get("/", headers={"host": HOST}).status_code == 200
    assert client.head("/", headers=BY_A_PERSON).status_code == 200


@pytest.mark.parametrize("name", ["FRONTEND_IS_SILENT_LOGIN_ENABLED", "OIDC_RP_CLIENT_ID"])
def test_nothing_is_tried_without_the_setting_or_a_provider(
    client: Client, forger: Forger, settings: Settings, name: str
) -> None:
    setattr(settings, name, "")
    assert open_page(client, "/").status_code == 200


def test_a_sign_in_that_was_asked_for_explains_its_refusal(client: Client, forger: Forger) -> None:
    asked = start(client, prompt="none")
    assert come_back(client, state=asked["state"], error="login_required")["location"].startswith("/oidc/refused/")
