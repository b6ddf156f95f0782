"""The answer of the provider: everything that can go wrong ends on a page that says so, never on a 500."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from suite.identity import provider
from suite.identity.models import Login, User
from tests.identity.browsing import come_back, refusal, sign_in_at, start
from tests.identity.forger import ALICE, CLIENT_ID, CLIENT_SECRET, Forger, Reply, as_json


def test_it_works(client: Client, forger: Forger) -> None:
    asked = start(client)
    forger.nonce = asked["nonce"]
    verifier = client.session["oidc_states"][asked["state"]]["code_verifier"]
    assert come_back(client, state=asked["state"], code="c1")["location"] == "/"
    form = forger.form("/token")
    assert (form["code"], form["code_verifier"], form["grant_type"]) == ("c1", verifier, "authorization_code")
    assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
    assert form["redirect_uri"] == asked["redirect_uri"]


def test_replayed_state(client: Client, forger: Forger) -> None:
    asked = start(client)
    forger.nonce = asked["nonce"]
    answer = {"state": asked["state"], "code": "c"}
    come_back(client, **answer)
    client.logout()
    assert refusal(client, come_back(client, **answer)) == ("state", 400)


@pytest.mark.parametrize(
    "answer", [{}, {"code": "c"}, {"state": "unheard-of", "code": "c"}, {"error": "access_denied"}]
)
def test_unknown_state(client: Client, forger: Forger, answer: dict[str, str]) -> None:
    start(client)
    assert refusal(client, come_back(client, **answer)) == ("state", 400)
    assert forger.count("/token") == 0


def test_state_of_another_browser(client: Client, forger: Forger) -> None:
    asked, stranger = start(client), Client()
    start(stranger)
    assert refusal(stranger, come_back(stranger, state=asked["state"], code="c")) == ("state", 400)


def test_old_state(client: Client, forger: Forger) -> None:
    asked = start(client)
    session = client.session
    session["oidc_states"][asked["state"]]["added_on"] -= 3601
    session.save()
    assert refusal(client, come_back(client, state=asked["state"], code="c")) == ("state", 400)


def test_two_tabs_keep_their_own_way(client: Client, forger: Forger) -> None:
    first, second = start(client, "/one/"), start(client, "/two/")
    forger.nonce = first["nonce"]
    assert come_back(client, state=first["state"], code="c")["location"] == "/one/"
    forger.nonce = second["nonce"]
    assert come_back(client, state=second["state"], code="c")["location"] == "/two/"


def test_next_is_on_our_own_site(client: Client, forger: Forger) -> None:
    assert sign_in_at(client, forger, "https://evil.example/")["location"] == "/"


def test_issuer_in_the_answer(client: Client, forger: Forger) -> None:
    assert refusal(client, sign_in_at(client, forger, iss="https://other.example")) == ("bad_iss_param", 400)
    assert forger.count("/token") == 0
    assert sign_in_at(client, forger, iss=forger.issuer)["location"] == "/"


def test_announced_issuer_is_missing(client: Client, forger: Forger) -> None:
    forger.metadata = {"authorization_response_iss_parameter_supported": True}
    assert refusal(client, sign_in_at(client, forger)) == ("bad_iss_param", 400)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        ("access_denied", "op_access_denied", 403),
        ("login_required", "login_required", 403),
        ("interaction_required", "login_required", 403),
        ("consent_required", "login_required", 403),
        ("invalid_scope", "op_error", 424),
        ("server_error", "op_error", 424),
        ("temporarily_unavailable", "op_unreachable", 424),
        ("<script>", "op_error", 424),
    ],
)
def test_error_of_the_provider(client: Client, forger: Forger, error: str, code: str, status: int) -> None:
    asked = start(client)
    response = come_back(client, state=asked["state"], error=error, error_description="requested ACRs <b>")
    assert refusal(client, response) == (code, status)


def test_an_error_keeps_a_person_signed_in(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    asked = start(client, silent="true")
    come_back(client, state=asked["state"], error="login_required")
    assert "_auth_user_id" in client.session


def test_neither_code_nor_error(client: Client, forger: Forger) -> None:
    asked = start(client)
    assert refusal(client, come_back(client, state=asked["state"])) == ("op_garbage", 424)


@pytest.mark.parametrize(
    ("path", "reply", "code", "status"),
    [
        ("/token", as_json({"error": "invalid_grant"}, 400), "op_token_error", 400),
        ("/token", as_json({"error": "invalid_client"}, 401), "op_token_error", 400),
        ("/token", as_json(["odd"], 400), "op_token_error", 400),
        ("/token", Reply(b"<h1>oops", 500), "op_unreachable", 424),
        ("/token", Reply(b"<h1>hello"), "op_garbage", 424),
        ("/token", as_json([]), "op_garbage", 424),
        ("/token", as_json({"access_token": "a"}), "op_garbage", 424),
        ("/token", as_json({"access_token": 1, "id_token": {}}), "op_garbage", 424),
        ("/token", as_json({"access_token": "\ud800", "id_token": "a.b.c"}), "op_garbage", 424),
        ("/token", as_json({"access_token": "a\n", "id_token": "a.b.c"}), "op_garbage", 424),
        ("/token", as_json({"access_token": "a", "id_token": "\ud800.é.c"}), "op_garbage", 424),
        ("/token", Reply(b"[" * 100_000), "op_garbage", 424),
        ("/token", Reply(b"x" * 600_000), "op_garbage", 424),
        ("/userinfo", as_json({}, 401), "op_userinfo_error", 424),
        ("/userinfo", as_json([]), "op_garbage", 424),
        ("/userinfo", Reply(b"\xff\xfe", media_type="application/jwt"), "op_garbage", 424),
        ("/userinfo", Reply(b"{}", 503), "op_unreachable", 424),
    ],
)
def test_broken_provider(client: Client, forger: Forger, path: str, reply: Reply, code: str, status: int) -> None:
    forger.replies[path] = reply
    assert refusal(client, sign_in_at(client, forger)) == (code, status)


def test_slow_provider(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_TIMEOUT = 1
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{forger.issuer}/auth"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{forger.issuer}/token"
    forger.replies["/token"] = Reply(b"{}", delay_s=1.5)
    assert refusal(client, sign_in_at(client, forger)) == ("op_unreachable", 424)


def test_dripping_provider(client: Client, forger: Forger, settings: Settings) -> None:
    """Each byte comes in time, and all of them together do not."""
    forger.replies["/token"] = Reply(b" " * 60, drip_s=0.2)
    asked = start(client)
    settings.OIDC_TIMEOUT = 1
    began = time.monotonic()
    assert refusal(client, come_back(client, state=asked["state"], code="the-code")) == ("op_unreachable", 424)
    assert time.monotonic() - began < 6


def test_provider_is_down_at_the_code(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    assert refusal(client, sign_in_at(client, forger)) == ("op_unreachable", 424)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (Reply(b"", 503), "op_unreachable"),
        (Reply(b"<html>"), "op_garbage"),
        (as_json([]), "op_garbage"),
        (as_json({"issuer": "https://other.example"}), "op_garbage"),
    ],
)
def test_discovery_fails(client: Client, forger: Forger, document: Reply, code: str) -> None:
    forger.replies["/.well-known/openid-configuration"] = document
    response = client.get("/oidc/authenticate/", headers={"host": "visio.example"})
    assert refusal(client, response) == (code, 424)
    del forger.replies["/.well-known/openid-configuration"]
    assert sign_in_at(client, forger)["location"] == "/"


@pytest.mark.parametrize("value", [None, 7, "javascript:alert(1)"])
def test_discovery_without_a_token_endpoint(client: Client, forger: Forger, value: Any) -> None:
    forger.metadata = {"token_endpoint": value or ""}
    assert refusal(client, sign_in_at(client, forger)) == ("op_garbage", 424)


def test_discovery_is_read_once(client: Client, forger: Forger) -> None:
    for _ in range(3):
        sign_in_at(client, forger)
    assert forger.count("/.well-known/openid-configuration") == 1


def test_an_old_discovery_document_serves_while_the_provider_is_down(
    client: Client, forger: Forger, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_at(client, forger)
    monkeypatch.setattr(provider, "DISCOVERY_LIFETIME_S", -1)
    forger.replies["/.well-known/openid-configuration"] = Reply(b"", 503)
    assert sign_in_at(client, forger)["location"] == "/"


def test_endpoints_by_hand_need_no_discovery(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{forger.issuer}/auth"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{forger.issuer}/token"
    forger.id_claims = {**ALICE}
    assert sign_in_at(client, forger)["location"] == "/"
    assert forger.count("/.well-known/openid-configuration") == forger.count("/userinfo") == 0
    assert User.objects.get().usual_name == "Martin"


def test_session_key_changes_and_the_session_ends(client: Client, forger: Forger, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 3600
    start(client)
    before = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    sign_in_at(client, forger)
    after = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    assert before != after
    end = client.session.get_expiry_date()
    session = client.session
    session["busy"] = 1
    session.save()
    assert client.session.get_expiry_date() == end
    assert 3500 < client.session.get_expiry_age() <= 3600


def test_snapshot_of_how_sure_the_provider_is(client: Client, forger: Forger) -> None:
    moment = int(time.time()) - 60
    forger.id_claims = {"acr": "eidas2", "amr": ["pwd", "mfa", 7], "auth_time": moment, "sid": "s-1"}
    sign_in_at(client, forger)
    login = Login.objects.get()
    assert (login.acr, login.amr, login.sid) == ("eidas2", ["pwd", "mfa"], "s-1")
    assert login.auth_time is not None
    assert login.auth_time.timestamp() == moment


def test_odd_snapshot(client: Client, forger: Forger) -> None:
    forger.id_claims = {"acr": 3, "amr": {"a": 1}, "auth_time": 1e300, "sid": "a\ud800\x00b"}
    forger.userinfo["usual_name"] = "M\ud800\x00artin"
    sign_in_at(client, forger)
    login = Login.objects.get()
    assert (login.acr, login.amr, login.sid, login.auth_time) == ("", [], "a b", None)


@pytest.mark.parametrize("acr", ["eidas0", "eidas1", "", None])
def test_assurance_too_low(client: Client, forger: Forger, settings: Settings, acr: str | None) -> None:
    settings.OIDC_RP_ACR_VALUES = ["eidas2", "eidas3"]
    forger.id_claims = {"acr": acr}
    assert refusal(client, sign_in_at(client, forger)) == ("acr", 403)
    forger.id_claims = {"acr": "eidas3"}
    assert sign_in_at(client, forger)["location"] == "/"


def test_essential_claims(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_USERINFO_ESSENTIAL_CLAIMS = ["email"]
    del forger.userinfo["email"]
    assert refusal(client, sign_in_at(client, forger)) == ("claims_missing", 403)


def test_key_rotation(client: Client, forger: Forger, settings: Settings) -> None:
    forger.algorithm = settings.OIDC_RP_SIGN_ALGO = "ES256"
    sign_in_at(client, forger)
    assert forger.count("/jwks") == 1
    forger.new_key()
    assert sign_in_at(client, forger)["location"] == "/"
    forger.new_key()
    forger.kid = "two"
    assert sign_in_at(client, forger)["location"] == "/"
    assert forger.count("/jwks") == 3


def test_keys_without_names(client: Client, forger: Forger, settings: Settings) -> None:
    forger.algorithm = settings.OIDC_RP_SIGN_ALGO = "RS256"
    forger.publishes_kid = False
    assert sign_in_at(client, forger)["location"] == "/"
    assert Login.objects.count() == 1
