"""The way into a connection test: a room of its own that nobody can find, and a ticket that opens it several times."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from visio.rooms import slugs, tickets
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.wire import Grant

KEPT = timedelta(minutes=15)
"""How long a room of a test is kept: longer than its ticket is valid and than any test takes."""


def begin(now: datetime) -> str:
    """Make a room and give the ticket to it. Nothing in either tells whose test it is."""
    room = Room(slug=slugs.generate_for_test(), name="Connection test", access_level=AccessLevel.RESTRICTED)
    room.save()
    grant = Grant(f"test-{secrets.token_urlsafe(16)}", name="Connection test", attributes={"kind": "test"})
    return tickets.issue(room.pk, grant, login=None, via=tickets.Via.CONNECTION_TEST, now=now)


def purge(now: datetime) -> int:
    """Delete the rooms of tests that are over, which ends what is still going on in them; give how many."""
    over = Room.objects.for_tests().filter(created_at__lt=now - KEPT)
    _, counts = over.delete()
    return counts.get("rooms.Room", 0)
