"""The settings of a media worker."""

from __future__ import annotations

import pytest

from suite import env
from visio.media import config


def test_every_setting_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "DECLARED", {})
    config.read(0)
    document = (env.BASE_DIR / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert "MEDIA_UDP_PORT" in env.DECLARED
    assert [name for name in env.DECLARED if f"| `{name}` |" not in document] == []


def test_each_worker_of_a_machine_has_ports_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_UDP_PORT", "7000")
    monkeypatch.setenv("MEDIA_TCP_PORT", "7001")
    workers = [config.read(index) for index in range(3)]
    assert [(worker.udp_port, worker.tcp_port) for worker in workers] == [(7000, 7001), (7002, 7003), (7004, 7005)]


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_HOST", "192.0.2.1, kitchen")
    with pytest.raises(env.SettingError, match="MEDIA_HOST must list IP addresses"):
        config.read(0)
