"""The probes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from suite.operations import health


def test_alive_looks_at_nothing(client: Client) -> None:
    answer = client.get("/__lbheartbeat__")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey")
def test_ready(client: Client) -> None:
    answer = client.get("/__heartbeat__")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "migrations": "ok", "valkey": "ok"}}


@pytest.mark.django_db
def test_not_ready_without_valkey(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path / 'nobody.sock'}")
    answer = client.get("/__heartbeat__")
    assert answer.status_code == 503
    assert answer.json()["checks"]["valkey"] == "error"


@pytest.mark.usefixtures("valkey")
def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("the password is hush")

    monkeypatch.setattr(health, "CHECKS", {"database": away})
    answer = client.get("/__heartbeat__")
    assert answer.status_code == 503
    assert answer.json() == {"status": "error", "checks": {"database": "error"}}


def test_version(client: Client) -> None:
    assert client.get("/__version__").json()["name"] == "visio"
