"""`manage.py configuration`: bring the table of settings in the documentation up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from suite.operations import configuration


class Command(BaseCommand):
    """Print the table of settings, or write it into docs/configuration.md."""

    help = "Print every setting with its default and purpose; --write puts it into docs/configuration.md."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the option."""
        parser.add_argument("--write", action="store_true", help="write it into docs/configuration.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print or write."""
        if not options["write"]:
            self.stdout.write(configuration.table())
            return
        document = configuration.DOCUMENT
        document.write_text(configuration.renewed(document.read_text(encoding="utf-8")), encoding="utf-8")
