"""`manage.py up`: everything of one machine, in one command."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import time
from contextlib import suppress
from io import StringIO
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from suite.operations import installation, lan, ports, roles, valkey
from suite.operations.supervisor import StartError, Supervisor, Tell

DEMO_WARNING = (
    "WARNING: the demo identity provider runs. Anyone who reaches it signs in as whom they like, administrators too."
)
VALKEY_WITHIN_S = 5.0
EXPECTED = (ports.PortError, roles.MissingToolError, valkey.SocketPathError, StartError)


class Command(BaseCommand):
    """Start every role of one machine and keep them running."""

    help = "Start Valkey, migrate, start web, media, worker (and the demo provider); restart what dies."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until Ctrl-C or SIGTERM."""
        began = time.monotonic()
        with self._claim_folder():
            try:
                self._run(began)
            except EXPECTED as error:
                raise CommandError(str(error)) from error

    def _run(self, began: float) -> None:
        ports.check(installation.needs())
        if settings.TLS_CERTIFICATE == settings.LAN_CERTIFICATE:
            host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
            lan.keep_certificate(settings.LAN_CERTIFICATE, settings.LAN_KEY, lan.own_names(host))
        if not (installation.is_embedded() or valkey.wait(settings.REDIS_URL, seconds=VALKEY_WITHIN_S)):
            raise CommandError("Valkey or Redis does not answer: check REDIS_URL.")
        self._prepare_database()
        asyncio.run(self._supervise(began))

    async def _supervise(self, began: float) -> None:
        supervisor = Supervisor(
            installation.steps(), folder=settings.BASE_DIR, logs=installation.LOGS, tell=self._tell_since(began)
        )
        if settings.DEMO_OIDC:
            self.stderr.write(self.style.WARNING(DEMO_WARNING))
        await supervisor.run(f"Visio is ready: {settings.PUBLIC_URL}")

    def _tell_since(self, began: float) -> Tell:
        def tell(sentence: str) -> None:
            with suppress(OSError):  # the terminal may be gone; the programs go on
                self.stdout.write(f"[{time.monotonic() - began:6.1f} s] {sentence}")
                self.stdout.flush()

        return tell

    def _claim_folder(self) -> IO[str]:
        """Make sure that no other supervisor works in this data folder, as long as the result is open."""
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = (settings.DATA_DIR / "up.lock").open("w")
        except OSError as error:
            raise CommandError(f"DATA_DIR cannot be used: {settings.DATA_DIR} ({error.strerror}).") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise CommandError(
                f"Visio already runs in {settings.DATA_DIR}: stop it, or choose another folder with DATA_DIR."
            ) from error
        return lock

    def _prepare_database(self) -> None:
        """Bring the database up to date, with the demo room for a trial."""
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # the sentence below says it once
        try:
            self._migrate()
            if settings.DEMO_OIDC:
                room = StringIO()
                call_command("demo", stdout=room)
                self.stdout.write(f"Demo room, open to everybody: {settings.PUBLIC_URL}/{room.getvalue().strip()}")
        except DatabaseError as error:
            raise CommandError(f"The database does not answer; check DATABASE_URL: {error}".strip()) from error
        finally:
            connections.close_all()

    def _migrate(self) -> None:
        """Apply what is pending; look first, because `migrate` itself is slow when nothing is to do."""
        executor = MigrationExecutor(connections["default"])
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            self.stdout.write(f"Bringing the database up to date: {len(pending)} migrations.")
            call_command("migrate", interactive=False, verbosity=0)
