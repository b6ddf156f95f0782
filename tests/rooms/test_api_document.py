"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command

from tests.rooms.callers import Caller, body_of

PATHS = {
    "/api/v1.0/config/": {"get"},
    "/api/v1.0/users/me/": {"get"},
    "/api/v1.0/users/me/preferences/": {"get", "put", "patch"},
    "/api/v1.0/connection-test/": {"post"},
    "/api/v1.0/rooms/{id}/invite/": {"post"},
    "/api/v1.0/rooms/": {"get", "post"},
    "/api/v1.0/rooms/{id}/": {"get", "put", "patch", "delete"},
    "/api/v1.0/resource-accesses/": {"get", "post"},
    "/api/v1.0/resource-accesses/{id}/": {"get", "put", "patch", "delete"},
}


def test_it_works(dave: Caller) -> None:
    found = body_of(dave.get("/openapi.json"))
    described = {path: set(methods) for path, methods in found["paths"].items() if path in PATHS}
    assert described == PATHS


def test_it_is_valid_and_complete(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))


def test_schema_in_yaml(dave: Caller) -> None:
    assert dave.get("/schema/").content.startswith(b"openapi:")


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(dave: Caller) -> None:
    page = dave.get("/swagger/").content.decode()
    assert "<style" not in page
    assert "http" not in page
    assert all("></script>" in line for line in page.splitlines() if "<script" in line)


def test_the_page_has_its_files() -> None:
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert finders.find(f"drf_spectacular_sidecar/swagger-ui-dist/{name}")
    assert finders.find("js/pages/api.js")
