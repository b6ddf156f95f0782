"""Whether a client may send files past our storage, by its grant."""

from __future__ import annotations

from typing import Any

import pytest

from suite.identity.models import User
from tests.live.meeting import enter
from visio.rooms.models import Room


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "scanner", "allowed"),
    [({}, "", True), ({"chat_files": "nobody"}, "", False), ({}, "clamd:localhost:3310", False)],
)
def test_files(settings: Any, terms: dict[str, str], scanner: str, allowed: bool) -> None:
    """Where files are allowed and no scanner would have to see them."""
    settings.CHAT_FILE_SCANNER = scanner
    alice = User.objects.create_user("https://idp.example", "alice")
    room = Room.create(alice, "Council")
    room.change(terms=terms)
    assert enter(room, alice).rights.files is allowed
