"""The life of a login, and the sign-out that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from suite.identity import logins
from suite.identity.models import Login
from suite.identity.signals import login_ended
from tests.identity.browsing import HOST, PUBLIC_URL, query, refusal, sign_in_at, start
from tests.identity.forger import Forger, Reply
from tests.identity.people import make_user, sign_in


@pytest.fixture
def ended() -> Iterator[list[Login]]:
    """Give the logins whose end is told."""
    told: list[Login] = []

    def listen(login: Login, **_: Any) -> None:
        told.append(login)

    login_ended.connect(listen)
    yield told
    login_ended.disconnect(listen)


def request_of(client: Client) -> HttpRequest:
    request = HttpRequest()
    request.session = client.session
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
def test_it_works(client: Client) -> None:
    login = sign_in(client, make_user())
    assert logins.current(request_of(client)) == login
    assert logins.from_session(client.session) == login
    assert login.is_live


@pytest.mark.django_db
@pytest.mark.parametrize("value", [None, "", "odd", 7, "00000000-0000-0000-0000-000000000000", ["x"]])
def test_no_login(client: Client, value: Any) -> None:
    session = client.session
    session["login"] = value
    session.save()
    assert logins.current(request_of(client)) is None


@pytest.mark.django_db
def test_expired_login(client: Client) -> None:
    sign_in(client, make_user())
    Login.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert logins.current(request_of(client)) is None


@pytest.mark.django_db
def test_end(
    client: Client,
    ended: list[Login],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    login = sign_in(client, make_user())
    with django_capture_on_commit_callbacks(execute=True):
        assert logins.end(login)
        assert ended == []
    assert ended == [login]
    assert login.ended_at is not None
    assert "_auth_user_id" not in client.session
    with django_capture_on_commit_callbacks(execute=True):
        assert not logins.end(login)
    assert ended == [login]


@pytest.mark.django_db
def test_end_leaves_other_browsers(client: Client) -> None:
    user, other = make_user(), Client()
    login = sign_in(client, user)
    sign_in(other, user)
    logins.end(login)
    assert logins.current(request_of(other)) is not None
    assert "_auth_user_id" in other.session


@pytest.mark.django_db
def test_end_all(client: Client) -> None:
    user, other = make_user(), Client()
    sign_in(client, user)
    sign_in(other, user)
    assert logins.end_all(user) == 2
    assert "_auth_user_id" not in client.session
    assert "_auth_user_id" not in other.session


@pytest.mark.parametrize("name", ["alice", "bob"])
@pytest.mark.django_db
def test_signing_in_again_ends_the_login_before(client: Client, name: str) -> None:
    first = sign_in(client, make_user("alice"))
    again = first.user if name == "alice" else make_user(name)
    key = client.session.session_key
    second = sign_in(client, again)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert second.is_live
    assert client.session.session_key != key
    assert logins.current(request_of(client)) == second


def sign_out(client: Client) -> Any:
    return client.post("/oidc/logout/", headers={"host": HOST})


def test_sign_out_here_and_at_the_provider(
    client: Client,
    forger: Forger,
    ended: list[Login],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sign_in_at(client, forger)
    id_token = client.session["oidc_id_token"]
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_out(client)
    assert response["location"].startswith(f"{forger.issuer}/logout?")
    asked = query(response["location"])
    assert asked["id_token_hint"] == id_token
    assert asked["post_logout_redirect_uri"] == f"{PUBLIC_URL}/oidc/logout-callback/"
    assert len(asked["state"]) >= 32
    assert "_auth_user_id" not in client.session
    assert "oidc_id_token" not in client.session
    assert [login.ended_at is not None for login in ended] == [True]
    back = client.get("/oidc/logout-callback/", {"state": asked["state"]}, headers={"host": HOST})
    assert back["location"] == "/"


@pytest.mark.parametrize("state", ["", "wrong"])
def test_return_with_another_state(client: Client, forger: Forger, state: str) -> None:
    sign_in_at(client, forger)
    sign_out(client)
    back = client.get("/oidc/logout-callback/", {"state": state}, headers={"host": HOST})
    assert refusal(client, back) == ("logout_state", 400)


def test_a_forged_return_signs_nobody_out(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    client.get("/oidc/logout-callback/", {"state": ""}, headers={"host": HOST})
    assert "_auth_user_id" in client.session


def test_state_of_a_sign_out_works_once(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    state = query(sign_out(client)["location"])["state"]
    for location in ("/", "/oidc/refused/logout_state/"):
        back = client.get("/oidc/logout-callback/", {"state": state}, headers={"host": HOST})
        assert back["location"] == location


def test_provider_without_sign_out(client: Client, forger: Forger) -> None:
    forger.metadata = {"end_session_endpoint": ""}
    sign_in_at(client, forger)
    assert sign_out(client)["location"] == "/"
    assert Login.objects.get().ended_at is not None


def test_provider_is_down_at_the_sign_out(client: Client, forger: Forger, settings: Settings) -> None:
    sign_in_at(client, forger)
    settings.OIDC_TIMEOUT = 21
    forger.replies["/.well-known/openid-configuration"] = Reply(b"", 503)
    assert sign_out(client)["location"] == "/"
    assert "_auth_user_id" not in client.session
    assert Login.objects.get().ended_at is not None


def test_sign_out_of_a_stranger(client: Client, forger: Forger) -> None:
    start(client)
    assert sign_out(client)["location"] == "/"


def test_sign_out_needs_post_and_a_token(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    assert client.get("/oidc/logout/", headers={"host": HOST}).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/oidc/logout/", headers={"host": HOST}).status_code == 403
    assert "_auth_user_id" in client.session
