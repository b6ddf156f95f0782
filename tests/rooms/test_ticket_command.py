"""`manage.py ticket`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from visio.rooms import tickets
from visio.rooms.models import Room
from visio.rooms.tickets import Ticket, Via

pytestmark = pytest.mark.django_db
SLUG = "abc-defg-hij"


def ticket(*arguments: str) -> Ticket:
    """Run the command and give what its ticket says."""
    out = StringIO()
    call_command("ticket", *arguments, stdout=out)
    url, token = out.getvalue().splitlines()
    assert url == "ws://127.0.0.1:8000"
    return tickets.read(token, timezone.now())


def test_it_works(room: Room) -> None:
    found = ticket(room.slug, "robot")
    assert (found.room_id, found.via, found.login) == (room.pk, Via.COMMAND, None)
    assert (found.grant.identity, found.grant.name, found.grant.attributes) == ("robot", "robot", {"kind": "guest"})


def test_name_and_role(room: Room) -> None:
    grant = ticket(room.slug, "robot", "--name", "Robot", "--host").grant
    assert (grant.name, grant.attributes["role"]) == ("Robot", "host")


def test_create_makes_the_room_once() -> None:
    assert ticket(SLUG, "a", "--create").room_id == ticket(SLUG, "b", "--create").room_id
    assert Room.objects.get().slug == SLUG


def test_unknown_room() -> None:
    with pytest.raises(CommandError, match="--create"):
        ticket(SLUG, "robot")


def test_no_link() -> None:
    with pytest.raises(CommandError, match="abc-defg-hij"):
        ticket("My Room", "robot", "--create")
    assert not Room.objects.exists()


@pytest.mark.parametrize("identity", ["", "  ", "a\0b", "a" * 256])
def test_wrong_identity(room: Room, identity: str) -> None:
    with pytest.raises(CommandError, match="printable"):
        ticket(room.slug, identity)
