"""`manage.py ticket`: a signalling address and a ticket, for tests and integrators."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from visio.rooms import names, slugs, tickets
from visio.rooms.models import Room
from visio.rooms.roles import Role
from visio.wire import Grant

IDENTITY_MAX = 255


class Command(BaseCommand):
    """Prints the signalling address on one line and a token on the next."""

    help = _("Print the signalling URL and a ticket for one connection, each on its own line.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be on the command line."""
        parser.add_argument("slug", help=_("link of the room, such as abc-defg-hij"))
        parser.add_argument("identity", help=_("identity of the participant"))
        parser.add_argument("--name", default="", help=_("name that others see"))
        parser.add_argument("--create", action="store_true", help=_("make the room if there is none"))
        parser.add_argument("--host", action="store_true", help=_("enter as a host"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write both lines. Raise `CommandError` with a sentence for whoever typed the command."""
        room = _room(options["slug"], create=options["create"])
        grant = _grant(options["identity"], options["name"], host=options["host"])
        token = tickets.issue(room.pk, grant, login=None, via=tickets.Via.COMMAND, now=timezone.now())
        self.stdout.write(settings.LIVEKIT_API_URL)
        self.stdout.write(token)


def _room(slug: str, *, create: bool) -> Room:
    if not slugs.is_slug(slug):
        raise CommandError(_("The link of a room looks like abc-defg-hij, not like %(slug)s.") % {"slug": slug})
    if create:
        return Room.objects.get_or_create(slug=slug)[0]
    room = Room.objects.named(slug)
    if room is None:
        raise CommandError(_("There is no room %(slug)s. Add --create to make it.") % {"slug": slug})
    return room


def _grant(identity: str, name: str, *, host: bool) -> Grant:
    if not identity.strip() or len(identity) > IDENTITY_MAX or not identity.isprintable():
        raise CommandError(_("The identity must have 1 to %(limit)d printable characters.") % {"limit": IDENTITY_MAX})
    attributes = {"kind": "guest"} | ({"role": str(Role.HOST)} if host else {})
    return Grant(identity=identity, name=names.clean(name, names.GUEST_NAME_MAX) or identity, attributes=attributes)
