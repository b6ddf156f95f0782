"""The accessibility statement says what the law lets it say, and what is tested."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, override_settings

from suite.env import SettingError
from suite.theme.accessibility import AXE_VERSION, Audit, Compliance, audit_of, compliance

TODAY = date(2027, 6, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Compliance.NONE),
        ("2027-01-31 49 Somebody", Compliance.NONE),
        ("2027-01-31 50 Somebody", Compliance.PARTIAL),
        ("2027-01-31 99% Somebody else", Compliance.PARTIAL),
        ("2027-01-31 100 Somebody", Compliance.FULL),
        ("2024-05-01 100 Somebody", Compliance.NONE),
    ],
)
def test_it_works(text: str, expected: Compliance) -> None:
    """Without an audit that counts there is one word only."""
    assert compliance(audit_of(text), TODAY) is expected


def test_an_audit_is_read() -> None:
    assert audit_of("2027-01-31 82 Agency for All") == Audit(date(2027, 1, 31), 82, "Agency for All")


@pytest.mark.parametrize("text", ["yes", "2027-01-31 82", "31/01/2027 82 A", "2027-01-31 many A", "2027-01-31 101 A"])
def test_what_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(SettingError, match="ACCESSIBILITY_AUDIT"):
        audit_of(text)


@pytest.mark.django_db
def test_every_page_leads_to_it(client: Client) -> None:
    assert '<a href="/accessibility/">Accessibility: not compliant</a>' in client.get("/").text


@pytest.mark.django_db
@override_settings(ACCESSIBILITY_AUDIT="2026-09-30 82 Agency", ACCESSIBILITY_CONTACT="access@agency.example")
def test_it_names_the_audit_and_whom_to_write_to(client: Client) -> None:
    page = client.get("/accessibility/").text
    assert "partially compliant" in page
    assert "82 %" in page
    assert "mailto:access@agency.example" in page


@pytest.mark.django_db
def test_it_names_the_tool_that_the_tests_use(client: Client) -> None:
    package = json.loads((settings.BASE_DIR / "package.json").read_text(encoding="utf-8"))
    assert package["devDependencies"]["axe-core"] == AXE_VERSION
    assert f"axe-core {AXE_VERSION}" in client.get("/accessibility/").text
