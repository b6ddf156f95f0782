"""The environment of a test run, set before Django reads its settings (`-p tests.environment`).

`TEST_DATABASE_URL` and `TEST_REDIS_URL` choose PostgreSQL and Redis; without them SQLite and the embedded Valkey serve.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="visio-", ignore_cleanup_errors=True)
FOLDER = Path(_folder.name)
SETTINGS = (
    "DJANGO_",
    "OIDC_",
    "LIVEKIT_",
    "MEDIA_",
    "DEMO_",
    "REDIS_",
    "CELERY_",
    "TLS_",
    "DATABASE_",
    "LISTEN_",
    "PUBLIC_",
    "SESSION_",
    "LOG_",
    "TRUSTED_",
    "ROOM_",
    "TICKET_",
    "TURN_",
    "REFRESH_",
    "ADMIN_",
    "CONNECTION_",
    "AWS_",
)
EXACT = ("PORT", "LAN", "TIME_ZONE")
KEPT = "DJANGO_SETTINGS_MODULE"


def _forget_settings() -> None:
    """Drop what the developer's shell says, so that tests see the defaults."""
    for name in list(os.environ):
        if name in EXACT or (name.startswith(SETTINGS) and name != KEPT):
            del os.environ[name]


def prepare() -> None:
    """Point every setting that names a place at this test run's own."""
    _forget_settings()
    os.environ["ENV_FILE"] = os.devnull
    os.environ["DATA_DIR"] = str(FOLDER)
    os.environ["REDIS_PREFIX"] = f"test-{secrets.token_hex(6)}"
    os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL") or f"unix://{FOLDER / 'valkey.sock'}"
    if "TEST_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]


prepare()
