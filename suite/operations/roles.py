"""The roles of Visio's processes: the command and environment that each one becomes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from django.conf import settings

PROVIDER = settings.BASE_DIR / "suite" / "identity" / "demo" / "provider.mjs"
CELERY = (sys.executable, "-m", "celery", "-A", "suite", "--quiet")
"""Without its banner, which would be no line of a log."""


class MissingToolError(Exception):
    """A program that a role needs is not on this machine; the message says how to get it."""


def media_command(index: int) -> list[str]:
    """Give the command of media worker number `index`."""
    return [sys.executable, "-m", "visio.media", "--index", str(index)]


def worker_command(*, beat: bool) -> list[str]:
    """Give the command of the Celery worker; with `beat` it also starts what is due by the clock."""
    quiet = ["--without-gossip", "--without-mingle"]
    threads = [*CELERY, "worker", "-P", "threads", "-c", "4", "-Q", "default"]
    return [*threads, *quiet, *(["-B", "-s", str(settings.DATA_DIR / "beat")] if beat else [])]


def beat_command() -> list[str]:
    """Give the command of the process that starts what is due by the clock, for a cluster."""
    return [*CELERY, "beat", "-s", str(settings.DATA_DIR / "beat")]


def provider_command() -> list[str]:
    """Give the command of the demo OpenID provider. Raise `MissingToolError` without Node."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if node is None:
        raise MissingToolError("The demo provider needs Node 20 or newer: run make run, or set OIDC_OP_* to your own.")
    return [node, str(PROVIDER)]


def environment() -> dict[str, str]:
    """Give the environment of a role: this process's, completed with what Django's settings worked out."""
    return {
        **os.environ,
        "DATA_DIR": str(settings.DATA_DIR),
        "REDIS_URL": settings.REDIS_URL,
        "REDIS_PREFIX": settings.REDIS_PREFIX,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "PUBLIC_URL": settings.PUBLIC_URL,
        "MEDIA_UDP_PORT": str(settings.MEDIA_UDP_PORT),
        "MEDIA_TCP_PORT": str(settings.MEDIA_TCP_PORT),
        "MEDIA_BIND": settings.MEDIA_BIND,
    }


def provider_environment() -> dict[str, str]:
    """Give the environment of the demo provider."""
    return {
        **environment(),
        "DEMO_OIDC_HOST": settings.LISTEN_HOST,
        "DEMO_OIDC_PORT": str(settings.DEMO_OIDC_PORT),
        "DEMO_OIDC_ISSUER": settings.DEMO_OIDC_ISSUER,
        "DEMO_OIDC_CLIENT_ID": settings.OIDC_RP_CLIENT_ID,
        "DEMO_OIDC_CLIENT_SECRET": settings.OIDC_RP_CLIENT_SECRET,
        "TLS_CERTIFICATE": str(settings.TLS_CERTIFICATE or ""),
        "TLS_KEY": str(settings.TLS_KEY or ""),
    }
