"""`manage.py demo`: something to look at in a trial installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel

SLUG = "try-demo-now"


class Command(BaseCommand):
    """Makes the public demo room, once."""

    help = _("Make the public demo room if it is not there yet.")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make the room and write its link."""
        defaults = {"name": _("Demo room"), "access_level": AccessLevel.PUBLIC}
        room, _created = Room.objects.get_or_create(slug=SLUG, defaults=defaults)
        self.stdout.write(room.slug)
