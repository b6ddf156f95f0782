"""`GET /config/`."""

from __future__ import annotations

from tests.rooms.callers import Caller, body_of


def test_it_works(dave: Caller) -> None:
    assert body_of(dave.get("/config/")) == {
        "LANGUAGE_CODE": "en",
        "languages": ["fr", "en"],
        "resource": {"default_access_level": "trusted"},
        "livekit": {"url": "ws://127.0.0.1:8000"},
        "authenticated_users_can_edit_display_name": False,
    }
