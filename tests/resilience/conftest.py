"""An installation of its own whose parts die, whole again before each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.stack import Stack

SECRET = secrets.token_urlsafe(48)
PARTS = ("valkey", "web", "media-0", "media-1", "worker")


@pytest.fixture(scope="session")
def installation() -> Iterator[Stack]:
    """Give web, two media workers, a Valkey and a Celery worker that no other test uses."""
    with Stack(media=2, worker=True, own_valkey=True, settings={"LIVEKIT_API_SECRET": SECRET}) as stack:
        yield stack


@pytest.fixture
def service(installation: Stack) -> Stack:
    """Give the installation with every part running."""
    for part in PARTS:
        if not installation.is_running(part):
            installation.start(part)
    return installation
