"""`manage.py run ROLE`: become one of Visio's processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from suite.operations import roles


def _become(command: list[str], environment: dict[str, str]) -> None:
    os.chdir(settings.BASE_DIR)
    os.execve(command[0], command, environment)  # noqa: S606  (the command is one of our own)


def _web(options: dict[str, Any]) -> None:
    from suite.operations.web import ServeError, serve  # noqa: PLC0415  (Daphne is slow to import, for this role only)

    certificate, key = settings.TLS_CERTIFICATE, settings.TLS_KEY
    try:
        serve(settings.LISTEN_HOST, settings.PORT, certificate=certificate, key=key, descriptor=options["socket"])
    except ServeError as error:
        raise CommandError(str(error)) from error


def _media(options: dict[str, Any]) -> None:
    _become(roles.media_command(options["index"]), roles.environment())


def _worker(options: dict[str, Any]) -> None:
    _become(roles.worker_command(beat=options["beat"]), roles.environment())


def _beat(_options: dict[str, Any]) -> None:
    _become(roles.beat_command(), roles.environment())


def _provider(_options: dict[str, Any]) -> None:
    try:
        command = roles.provider_command()
    except roles.MissingToolError as error:
        raise CommandError(str(error)) from error
    _become(command, roles.provider_environment())


ROLES: dict[str, Callable[[dict[str, Any]], None]] = {
    "web": _web,
    "media": _media,
    "worker": _worker,
    "beat": _beat,
    "provider": _provider,
}


class Command(BaseCommand):
    """Become one role."""

    help = f"Run one role: {', '.join(ROLES)}."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the role and its options."""
        parser.add_argument("role")
        parser.add_argument("--index", type=int, default=0, help="media: number of this worker on this machine")
        parser.add_argument("--socket", type=int, help="web: descriptor of the open socket to serve on, without TLS")
        parser.add_argument("--beat", action="store_true", help="worker: also start what is due by the clock")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Become the role named on the command line."""
        role = ROLES.get(options["role"])
        if role is None:
            raise CommandError(f"There is no role {options['role']!r}: choose one of {', '.join(ROLES)}.")
        role(options)
