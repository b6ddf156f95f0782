"""The administration of people: entered through the provider, by staff, who change almost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from suite.identity.models import Login, User
from suite.identity.passwords import failures
from tests.identity.people import make_user, sign_in

PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """Give the browser of a person of the staff."""
    sign_in(client, make_user("admin", is_staff=True))
    return client


@pytest.fixture
def break_glass(settings: Settings) -> Iterator[User]:
    """Give a local account, with the door for it open."""
    settings.ADMIN_PASSWORD_LOGIN = True
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "suite.identity.passwords.BreakGlassBackend",
    ]
    failures.clear()
    yield User.objects.create_superuser("rescue", PASSWORD)
    failures.clear()


def test_the_door_is_the_provider(client: Client) -> None:
    response = client.get("/admin/", follow=False)
    assert response["location"] == "/admin/login/?next=/admin/"
    assert client.get(response["location"])["location"] == "/oidc/authenticate/?next=%2Fadmin%2F"


def test_not_staff(client: Client) -> None:
    sign_in(client, make_user())
    assert client.get("/admin/login/?next=/admin/")["location"].startswith("/oidc/refused/not_staff/")
    assert client.get("/oidc/refused/not_staff/").status_code == 403
    assert client.get("/admin/identity/user/").status_code == 302


@pytest.mark.parametrize("page", ["", "identity/"])
def test_staff_sees(staff: Client, page: str) -> None:
    assert staff.get(f"/admin/{page}").status_code == 200


def test_staff_sees_every_table_of_ours(staff: Client) -> None:
    ours = [model._meta for model in site._registry if model.__module__.startswith(("suite.", "visio."))]
    assert {table.app_label for table in ours} >= {"identity", "rooms", "live", "attendance", "integration"}
    statuses = {
        table.label: staff.get(reverse(f"admin:{table.app_label}_{table.model_name}_changelist")).status_code
        for table in ours
    }
    assert set(statuses.values()) == {200}, statuses


def test_groups_are_not_offered(staff: Client) -> None:
    assert "/admin/auth/" not in staff.get("/admin/").content.decode()


@pytest.mark.parametrize("page", ["user/add/", "login/add/", "user/{user}/delete/", "login/{login}/delete/"])
def test_staff_neither_adds_nor_deletes(staff: Client, page: str) -> None:
    login = Login.objects.get()
    assert staff.get(f"/admin/identity/{page.format(user=login.user_id, login=login.pk)}").status_code == 403


def change(staff: Client, user: User, **fields: Any) -> None:
    inline = {"logins-TOTAL_FORMS": 0, "logins-INITIAL_FORMS": 0}
    page = f"/admin/identity/user/{user.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {**inline, **fields}).status_code == 302


def test_identity_is_read_only(staff: Client) -> None:
    user = make_user("bob")
    lies = {
        "usual_name": "X",
        "email": "x@x.example",
        "is_superuser": "on",
        "is_staff": "on",
        "sub": "x",
        "roles": "[]",
    }
    change(staff, user, is_active="on", **lies)
    user.refresh_from_db()
    assert (user.usual_name, user.email, user.sub) == ("Test", "bob@agents.example", "sub-bob")
    assert (user.is_superuser, user.is_staff, user.roles) == (False, False, ["agent_public"])


def test_disabling_signs_out(staff: Client) -> None:
    user, browser = make_user("bob"), Client()
    login = sign_in(browser, user)
    change(staff, user)
    user.refresh_from_db()
    login.refresh_from_db()
    assert not user.is_active
    assert login.ended_at is not None
    assert "_auth_user_id" not in browser.session


def test_end_this_login(staff: Client) -> None:
    browser = Client()
    login = sign_in(browser, make_user("bob"))
    data = {"action": "end_logins", "_selected_action": [str(login.pk)]}
    page = staff.post("/admin/identity/login/", data, follow=True)
    assert "1 login ended." in page.content.decode()
    login.refresh_from_db()
    assert login.ended_at is not None
    assert "_auth_user_id" not in browser.session


def test_sign_out_of_the_administration(staff: Client) -> None:
    assert staff.post("/admin/logout/")["location"] == "/"
    assert Login.objects.get().ended_at is not None


def knock(client: Client, password: str = PASSWORD, name: str = "rescue", **more: Any) -> Any:
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": password}, **more)


def test_passwords_are_off_by_default(client: Client) -> None:
    User.objects.create_superuser("rescue", PASSWORD)
    assert knock(client)["location"].startswith("/oidc/authenticate/")
    assert client.get("/admin/login/?password")["location"].startswith("/oidc/authenticate/")
    assert "_auth_user_id" not in client.session


def test_break_glass(client: Client, break_glass: User) -> None:
    assert b'name="password"' in client.get("/admin/login/?password&next=/admin/").content
    assert client.get("/admin/login/")["location"].startswith("/oidc/authenticate/")
    assert knock(client)["location"] == "/admin/"
    assert client.get("/admin/identity/user/").status_code == 200
    assert Login.objects.get().amr == ["pwd"]


def test_a_local_account_is_made_on_the_command_line(
    client: Client, break_glass: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="second", verbosity=0)
    assert knock(client, name="second")["location"] == "/admin/"


def test_closing_the_glass_ends_its_sessions(client: Client, break_glass: User, settings: Settings) -> None:
    knock(client)
    assert client.get("/api/v1.0/users/me/").status_code == 200
    settings.AUTHENTICATION_BACKENDS = ["suite.identity.backend.StrictOIDCBackend"]
    settings.ADMIN_PASSWORD_LOGIN = False
    assert client.get("/admin/").status_code == 302
    assert client.get("/api/v1.0/users/me/").status_code == 401
    assert not Login.objects.get().is_live


def test_a_password_opens_nothing_for_people_of_the_provider(client: Client, break_glass: User) -> None:
    user = make_user("bob", username="bob", is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    assert knock(client, name="bob").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("same", ["name", "address"])
def test_failures_are_limited(client: Client, break_glass: User, same: str) -> None:
    for number in range(5):
        name = "rescue" if same == "name" else f"name-{number}"
        knock(client, "wrong", name, REMOTE_ADDR="10.0.0.1" if same == "address" else f"10.0.1.{number}")
    page = knock(client, REMOTE_ADDR="10.0.0.1")
    assert "Too many failures" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_failures_behind_a_proxy_are_counted_for_its_clients(
    client: Client, break_glass: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        knock(client, "wrong", f"name-{number}", headers={"X-Forwarded-For": f"192.0.2.{number}, 10.0.0.1"})
    assert "Too many failures" in knock(client, headers={"X-Forwarded-For": "10.0.0.1"}).content.decode()
    assert knock(client, headers={"X-Forwarded-For": "10.0.0.2"})["location"] == "/admin/"


def test_the_sign_in_of_people_is_no_password_form(client: Client, break_glass: User) -> None:
    response = client.post("/admin/login/?state=x&code=y", {"username": "rescue", "password": "wrong"})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
