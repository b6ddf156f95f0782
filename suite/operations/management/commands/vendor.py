"""`manage.py vendor`: put the browser files from npm in their place."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from suite.operations import vendor


class Command(BaseCommand):
    """Copy the browser files and check their hashes."""

    help = "Copy the browser files that npm installed to static/vendor/ and check them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--renew", action="store_true", help="write the lock anew, after a wanted upgrade")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Copy, after writing the lock when asked."""
        if options["renew"]:
            vendor.renew()
        try:
            copies = vendor.copy()
        except vendor.VendorError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(copies)} browser files are in place.")
