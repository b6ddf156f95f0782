"""'Reserved for public agents': the roles claim decides, as the settings say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from suite.identity.entitlement import Known, Rule, decide
from suite.identity.models import User
from tests.identity.browsing import HOST, refusal, sign_in_at
from tests.identity.forger import Forger

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AGENTS = Rule(("agent_public", "agent_public_etat"), timedelta(days=30))
EVERYBODY = Rule((), timedelta(days=30))


@pytest.mark.parametrize(
    ("roles", "known", "rule", "allowed", "kept"),
    [
        (["agent_public"], None, AGENTS, True, ["agent_public"]),
        (["dirigeant", "agent_public_etat"], None, AGENTS, True, ["dirigeant", "agent_public_etat"]),
        (["dirigeant"], None, AGENTS, False, ["dirigeant"]),
        (["agent_public_x"], None, AGENTS, False, ["agent_public_x"]),
        (["dirigeant"], Known(["agent_public"], NOW), AGENTS, False, ["dirigeant"]),
        ([], None, AGENTS, False, []),
        ([], Known(["agent_public"], NOW - timedelta(days=29)), AGENTS, True, ["agent_public"]),
        ([], Known(["agent_public"], NOW - timedelta(days=31)), AGENTS, False, []),
        ([], Known(["dirigeant"], NOW), AGENTS, False, []),
        ([], Known(["agent_public"], None), AGENTS, False, []),
        ([], Known(["agent_public"], NOW), Rule(AGENTS.roles, timedelta(0)), False, []),
        ([], None, EVERYBODY, True, []),
        (["dirigeant"], None, EVERYBODY, True, ["dirigeant"]),
    ],
)
def test_decide(roles: list[str], known: Known | None, rule: Rule, *, allowed: bool, kept: list[str]) -> None:
    verdict = decide(roles, known, rule, NOW)
    assert (verdict.allowed, list(verdict.roles)) == (allowed, kept)


def test_private_sector_is_told_politely_and_can_be_a_guest(client: Client, forger: Forger) -> None:
    forger.userinfo["roles"] = ["dirigeant"]
    response = sign_in_at(client, forger, "/abc-defg-hij/")
    assert refusal(client, response) == ("not_public_agent", 403)
    page = client.get(response["location"], headers={"host": HOST}).content.decode()
    assert "reserved for public agents" in page
    assert 'href="/abc-defg-hij/"' in page
    assert "prompt=login" in page
    assert not User.objects.exists()


def test_setting_lets_everybody_in(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_ALLOWED_ROLES = []
    forger.userinfo["roles"] = ["dirigeant"]
    assert sign_in_at(client, forger)["location"] == "/"


def test_register_is_down(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    forger.userinfo["roles"] = []
    assert sign_in_at(client, forger)["location"] == "/"
    assert User.objects.get().roles == ["agent_public", "agent_public_etat"]
    User.objects.update(roles_seen_at=timezone.now() - timedelta(days=31))
    stranger = Client()
    assert refusal(stranger, sign_in_at(stranger, forger)) == ("no_roles", 403)


def test_stranger_while_the_register_is_down(client: Client, forger: Forger) -> None:
    forger.userinfo["roles"] = []
    assert refusal(client, sign_in_at(client, forger)) == ("no_roles", 403)
