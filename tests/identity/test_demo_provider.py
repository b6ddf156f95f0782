"""Sign-ins with the demo provider, a real OpenID provider in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytest_django import Settings

from suite.identity.backend import StrictOIDCBackend
from suite.identity.models import Login, User
from suite.identity.tokens import Claims
from tests.identity.browsing import HOST, PUBLIC_URL, refusal
from tests.identity.demo import CLIENT_ID, CLIENT_SECRET, Browser, DemoProvider, run_provider, running

pytestmark = [pytest.mark.live, pytest.mark.django_db]


@pytest.fixture(scope="module")
def process() -> Iterator[DemoProvider]:
    """Give one demo provider for all tests of this file."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(process: DemoProvider, settings: Settings) -> DemoProvider:
    """Give the demo provider, configured as ours."""
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = PUBLIC_URL, [HOST]
    settings.OIDC_OP_URL, settings.OIDC_RP_SIGN_ALGO = process.issuer, "ES256"
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.OIDC_OP_USER_ENDPOINT_FORMAT = "JWT"
    settings.OIDC_STAFF_EMAILS = ["admin@demo.example"]
    return process


@pytest.mark.parametrize(
    ("account", "full_name", "siret", "role"),
    [
        ("alice", "Alice Martin", "00000000000011", "agent_public_etat"),
        ("bob", "Bob Durand", "00000000000022", "agent_public_territorial"),
        ("charlie", "Charlie Petit", "00000000000033", "agent_public_hospitalier"),
        ("admin", "Dominique Admin", "00000000000055", "agent_public_etat"),
    ],
)
def test_it_works(provider: DemoProvider, account: str, full_name: str, siret: str, role: str) -> None:
    assert Browser().sign_in(account, "/here/")["location"] == "/here/"
    user = User.objects.get()
    assert (user.full_name, user.siret, user.email) == (full_name, siret, f"{account}@demo.example")
    assert (user.issuer, user.sub) == (provider.issuer, f"demo-{account}")
    assert role in user.roles
    assert user.is_staff is (account == "admin")
    login = Login.objects.get()
    assert (login.acr, login.amr) == ("eidas1", ["pwd"])
    assert login.auth_time is not None


def test_eve_is_refused(provider: DemoProvider) -> None:
    browser = Browser()
    response = browser.sign_in("eve", "/abc-defg-hij/")
    assert refusal(browser.visio, response) == ("not_public_agent", 403)
    assert not User.objects.exists()
    assert browser.sign_in("alice", prompt="login")["location"] == "/"


def test_cancelled(provider: DemoProvider) -> None:
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("")) == ("op_access_denied", 403)


def test_silent_sign_in(provider: DemoProvider) -> None:
    browser = Browser()
    assert browser.sign_in(silent="true", next_path="/abc-defg-hij/")["location"] == "/abc-defg-hij/"
    assert "_auth_user_id" not in browser.visio.session
    browser.sign_in("alice")
    browser.visio.logout()
    assert browser.sign_in(silent="true", next_path="/abc-defg-hij/")["location"] == "/abc-defg-hij/"
    assert "_auth_user_id" in browser.visio.session


def test_sign_out(provider: DemoProvider) -> None:
    browser = Browser()
    browser.sign_in("alice")
    assert browser.sign_out()["location"] == "/"
    assert Login.objects.get().ended_at is not None
    browser.sign_in(silent="true")
    assert "_auth_user_id" not in browser.visio.session


def test_sign_out_comes_back_with_our_state(provider: DemoProvider) -> None:
    browser = Browser()
    browser.sign_in("alice")
    location = browser.visio.post("/oidc/logout/", headers={"host": HOST})["location"]
    back = browser.at_provider(location, {"logout": "yes"})
    assert urlsplit(back).path == "/oidc/logout-callback/"
    assert parse_qs(urlsplit(back).query)["state"] == parse_qs(urlsplit(location).query)["state"]
    stranger = Browser()
    assert refusal(stranger.visio, stranger.come_back(back)) == ("logout_state", 400)


@pytest.mark.parametrize("level", ["eidas2", "eidas3"])
def test_assurance_is_reached(provider: DemoProvider, settings: Settings, level: str) -> None:
    settings.OIDC_RP_ACR_VALUES = ["eidas2", "eidas3"]
    assert Browser().sign_in("alice", level=level)["location"] == "/"
    assert Login.objects.get().acr == level
    assert "mfa" in Login.objects.get().amr


def test_assurance_is_not_reached(provider: DemoProvider, settings: Settings) -> None:
    settings.OIDC_RP_ACR_VALUES = ["eidas2", "eidas3"]
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("alice", level="eidas1")) == ("op_access_denied", 403)


def test_step_up_of_a_session_that_is_not_sure_enough(provider: DemoProvider, settings: Settings) -> None:
    browser = Browser()
    browser.sign_in("alice", level="eidas1")
    settings.OIDC_RP_ACR_VALUES = ["eidas2"]
    assert browser.sign_in("alice", level="eidas2")["location"] == "/"
    assert sorted(Login.objects.values_list("acr", flat=True)) == ["eidas1", "eidas2"]


def test_provider_restarts_with_new_keys(provider: DemoProvider) -> None:
    Browser().sign_in("alice")
    provider.restart()
    assert Browser().sign_in("alice")["location"] == "/"
    assert User.objects.count() == 1


def test_code_works_once(provider: DemoProvider) -> None:
    browser = Browser()
    location = browser.open("/oidc/authenticate/")["location"]
    back = browser.at_provider(location, {"account": "alice"})
    state = parse_qs(urlsplit(back).query)["state"][0]
    pending = browser.visio.session["oidc_states"][state]
    assert browser.come_back(back)["location"] == "/"
    browser.visio.logout()
    session = browser.visio.session
    session["oidc_states"] = {state: pending}
    session.save()
    browser.visio.cookies["visio_session"] = session.session_key or ""
    assert refusal(browser.visio, browser.come_back(back)) == ("op_token_error", 400)


@pytest.mark.parametrize("secret", ["wrong-secret-of-more-than-32-bytes!!", ""])
def test_wrong_client_secret(provider: DemoProvider, settings: Settings, secret: str) -> None:
    settings.OIDC_RP_CLIENT_SECRET = secret
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("alice")) == ("op_token_error", 400)


def test_without_pkce_the_provider_refuses(provider: DemoProvider, settings: Settings) -> None:
    settings.OIDC_USE_PKCE = False
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("alice")) == ("op_error", 424)


def test_another_algorithm_than_registered(provider: DemoProvider, settings: Settings) -> None:
    settings.OIDC_RP_SIGN_ALGO = "RS256"
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("alice")) == ("id_token_alg", 400)


def test_signed_userinfo_of_another_person(provider: DemoProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens: list[str] = []
    honest = StrictOIDCBackend.get_userinfo

    def with_first_token(self: StrictOIDCBackend, access_token: str, id_token: str, payload: Claims) -> Claims:
        tokens.append(access_token)
        return honest(self, tokens[0], id_token, payload)

    monkeypatch.setattr(StrictOIDCBackend, "get_userinfo", with_first_token)
    Browser().sign_in("bob")
    browser = Browser()
    assert refusal(browser.visio, browser.sign_in("alice")) == ("userinfo_sub", 400)
    assert not Login.objects.filter(user__sub="demo-alice").exists()


@pytest.mark.parametrize(("language", "words"), [("fr", "Choisissez qui vous êtes"), ("en", "Choose who you are")])
def test_choice_of_account_speaks_both_languages(provider: DemoProvider, language: str, words: str) -> None:
    location = Browser().open("/oidc/authenticate/")["location"]
    page = requests.get(location, headers={"accept-language": language}, timeout=10)
    assert words in page.text
    assert f'lang="{language}"' in page.text
    assert "http://" not in page.text.replace(provider.issuer, "")
    assert "https://" not in page.text


def test_page_allows_no_foreign_content(provider: DemoProvider) -> None:
    location = Browser().open("/oidc/authenticate/")["location"]
    policy = requests.get(location, timeout=10).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert f"form-action 'self' {PUBLIC_URL}" in policy


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "DEMO_OIDC_CLIENT_ID must be set."),
        ({"DEMO_OIDC_PORT": "x"}, "DEMO_OIDC_PORT must be a port number."),
        ({"TLS_KEY": "x"}, "TLS_CERTIFICATE and TLS_KEY must be set together."),
    ],
)
def test_wrong_setting(environment: dict[str, str], words: str) -> None:
    process = run_provider(**environment)
    output, _ = process.communicate(timeout=60)
    assert words in output
    assert process.returncode == 2


def test_port_in_use(process: DemoProvider) -> None:
    second = run_provider(**process.environment)
    output, _ = second.communicate(timeout=60)
    assert f"port {process.port} is in use" in output
    assert second.returncode == 2
