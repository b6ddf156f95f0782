"""`manage.py demo`."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from visio.rooms.models import Room
from visio.rooms.slugs import is_slug


@pytest.mark.django_db
def test_it_works_and_changes_nothing_the_second_time() -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    Room.objects.update(name="Renamed")
    call_command("demo", stdout=out)
    room = Room.objects.get()
    assert (room.name, room.access_level, out.getvalue()) == ("Renamed", "public", f"{room.slug}\n" * 2)
    assert is_slug(room.slug)
