"""The metrics of the web role, and who may read them."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from visio import wire
from visio.signalling import metrics

TOKEN = "known-to-prometheus"


def test_there_is_no_page_without_a_token(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer "])
def test_strangers_get_nothing(client: Client, settings: Settings, sent: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert b"visio" not in answer.content


@pytest.mark.usefixtures("valkey")
def test_it_works(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.get("/__lbheartbeat__")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert 'visio_web_request_seconds_count{method="GET",status="200"}' in answer.text
    assert "visio_web_sockets 0.0" in answer.text
    assert "visio_web_valkey_up 1.0" in answer.text
    assert "process_resident_memory_bytes" in answer.text


def test_valkey_is_away(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN, settings.REDIS_URL = TOKEN, "redis://127.0.0.1:1"
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "visio_web_valkey_up 0.0" in answer.text


def test_the_workers_are_there(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.METRICS_TOKEN = TOKEN
    beat = wire.Heartbeat("0-abc", rooms=2, participants=7, load=0.25, draining=True)
    monkeypatch.setattr(metrics, "heartbeats", lambda: [beat])
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'visio_worker_participants{worker="0-abc"} 7.0' in answer.text
    assert 'visio_worker_draining{worker="0-abc"} 1.0' in answer.text
