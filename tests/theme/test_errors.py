"""The pages that explain what went wrong."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from suite.theme.views import RETRY_AFTER_S
from suite.urls import handler500
from suite.urls import urlpatterns as all_patterns
from tests.identity.people import make_user, sign_in

__all__ = ["handler500"]


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def _without_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("secret detail")


urlpatterns = [path("broken/", _broken), path("away/", _without_database), *all_patterns]


@pytest.fixture
def client() -> Client:
    """Give a browser that sees error pages instead of exceptions."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_an_unknown_page_says_so(client: Client) -> None:
    """404 with a way on."""
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "There is nothing here" in response.text


@override_settings(ROOT_URLCONF="tests.theme.test_errors")
def test_a_failure_of_ours_tells_no_detail(client: Client) -> None:
    """500 in human words; it asks no database, because that may be what failed."""
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "our side" in response.text
    assert "secret detail" not in response.text


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.theme.test_errors")
def test_a_failure_of_ours_asks_nothing_about_the_person(client: Client) -> None:
    """Neither who is signed in nor how they want pages to look: that is in the database."""
    sign_in(client, make_user("alice"))
    assert "data-account" in client.get("/").text
    assert "data-account" not in client.get("/broken/").text


@override_settings(ROOT_URLCONF="tests.theme.test_errors")
def test_a_missing_database_is_a_pause(client: Client) -> None:
    """503 that says when to try again."""
    response = client.get("/away/")
    assert (response.status_code, response["Retry-After"]) == (503, str(RETRY_AFTER_S))
    assert "back in a moment" in response.text
    assert "secret detail" not in response.text


@pytest.mark.django_db
def test_a_form_that_is_too_old_is_explained() -> None:
    """A missing CSRF token gives a page about it, not a bare 403."""
    response = Client(enforce_csrf_checks=True).post("/look/", {"look": "dark"})
    assert response.status_code == 403
    assert "open for too long" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1.0/", "/api/v1.0/nothing/", "/api/"])
def test_programs_get_an_unknown_address_as_json(client: Client, path: str) -> None:
    """In the form of the API's other errors."""
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_search_engines_keep_to_the_home_page(client: Client) -> None:
    """Rooms are for those who were sent their link."""
    assert "Disallow: /" in client.get("/robots.txt").text
