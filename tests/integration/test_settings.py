"""Settings of the server API: a wrong value stops the start, and no secret is told."""

from __future__ import annotations

import pytest

from suite import env

GOOD = "x" * env.SECRET_MIN_LENGTH


@pytest.fixture(autouse=True)
def _declares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no setting of these tests among the declared ones, which a document must list."""
    monkeypatch.setattr(env, "DECLARED", dict(env.DECLARED))


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEYS", f"city:{GOOD}, village: {GOOD}:y")
    assert env.keys("SOME_KEYS", "", taken="visio") == {"city": GOOD, "village": f"{GOOD}:y"}
    monkeypatch.setenv("SOME_KEYS", "")
    assert env.keys("SOME_KEYS", "", taken="visio") == {}


@pytest.mark.parametrize(
    "value", [GOOD, f":{GOOD}", "city:short", f"visio:{GOOD}", f"city:{GOOD},city:{GOOD}"], ids=lambda value: value[:8]
)
def test_keys_that_cannot_work(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOME_KEYS", value)
    with pytest.raises(env.SettingError) as error:
        env.keys("SOME_KEYS", "", taken="visio")
    assert GOOD not in str(error.value)
    assert "short" not in str(error.value)


@pytest.mark.parametrize("value", ["ftp://a.example.org", "hook", "http://", "https://a.example.org,nowhere"])
def test_addresses_that_cannot_work(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOME_URLS", value)
    with pytest.raises(env.SettingError):
        env.web_addresses("SOME_URLS", "")
