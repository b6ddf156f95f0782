"""Accounts: found by provider and subject only, refreshed at each sign-in, staff by our settings only."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from suite.identity.models import Login, User
from tests.identity.browsing import refusal, sign_in_at
from tests.identity.forger import ALICE, Forger
from tests.identity.people import make_user


def test_refreshed_at_each_sign_in(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    forger.userinfo |= {"usual_name": "Durand", "email": "new@agents.example", "organization_label": "Elsewhere"}
    sign_in_at(client, forger)
    user = User.objects.get()
    assert (user.usual_name, user.email, user.organization_label) == ("Durand", "new@agents.example", "Elsewhere")


def test_an_email_never_finds_an_account(client: Client, forger: Forger) -> None:
    other = make_user("other", email=str(ALICE["email"]))
    sign_in_at(client, forger)
    assert client.session["_auth_user_id"] != str(other.pk)
    assert User.objects.count() == 2


def test_same_subject_of_another_provider_is_another_person(client: Client, forger: Forger) -> None:
    User.objects.create_user("https://other.example", str(ALICE["sub"]))
    sign_in_at(client, forger)
    assert User.objects.count() == 2


def test_subject_is_exact(client: Client, forger: Forger) -> None:
    User.objects.create_user(forger.issuer, str(ALICE["sub"]).upper())
    sign_in_at(client, forger)
    assert User.objects.count() == 2


def test_disabled_account(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    User.objects.update(is_active=False)
    assert client.get("/admin/", headers={"host": "visio.example"}).status_code == 302
    other = Client()
    assert refusal(other, sign_in_at(other, forger)) == ("account_disabled", 403)


def test_only_known_people(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_CREATE_USER = False
    assert refusal(client, sign_in_at(client, forger)) == ("unknown_user", 403)
    User.objects.create_user(forger.issuer, str(ALICE["sub"]))
    assert sign_in_at(client, forger)["location"] == "/"


def test_no_usable_password(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("verified", "policy", "staff"),
    [(True, "verified", True), (False, "verified", False), (None, "verified", False), (None, "trusted", True)],
)
def test_staff_by_email(
    client: Client, forger: Forger, settings: Settings, *, verified: bool | None, policy: str, staff: bool
) -> None:
    settings.OIDC_STAFF_EMAILS, settings.OIDC_STAFF_EMAIL_POLICY = ["Alice@Agents.example"], policy
    forger.userinfo["email_verified"] = verified
    sign_in_at(client, forger)
    assert User.objects.get().is_staff is staff


def test_staff_by_group(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_STAFF_GROUPS = ["/visio-admins"]
    forger.userinfo["groups"] = ["/visio-admins", "/others"]
    sign_in_at(client, forger)
    assert User.objects.get().is_staff


def test_staff_is_withdrawn_at_the_next_sign_in(client: Client, forger: Forger, settings: Settings) -> None:
    settings.OIDC_STAFF_GROUPS = ["/visio-admins"]
    forger.userinfo["groups"] = ["/visio-admins"]
    sign_in_at(client, forger)
    User.objects.update(is_superuser=True)
    forger.userinfo["groups"] = []
    sign_in_at(client, forger)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_provider_makes_nobody_staff(client: Client, forger: Forger) -> None:
    forger.userinfo |= {"is_staff": True, "is_superuser": True, "groups": ["admin", ""], "email": ""}
    forger.id_claims = {"is_staff": True, "is_superuser": True}
    sign_in_at(client, forger)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_each_sign_in_is_a_login(client: Client, forger: Forger) -> None:
    sign_in_at(client, forger)
    other = Client()
    sign_in_at(other, forger)
    assert Login.objects.filter(ended_at=None).count() == 2
