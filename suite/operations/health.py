"""Probes for operators: is the process alive, can it do its work, which version is it."""

from __future__ import annotations

import json
import logging
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)

PATIENCE_S = 2


class UnwellError(Exception):
    """A check that failed; the message is for the log, not for the answer."""


def alive(_request: HttpRequest) -> HttpResponse:
    """Answer that this process serves (liveness); looks at nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def ready(_request: HttpRequest) -> JsonResponse:
    """Answer whether this process can do its work (readiness): 200 or 503, and which part is unwell."""
    checks = {name: _outcome(name, check) for name, check in CHECKS.items()}
    healthy = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if healthy else "error", "checks": checks}, status=200 if healthy else 503)


def version(_request: HttpRequest) -> JsonResponse:
    """Answer what runs here: `version.json`, which a container image brings, or the project's version."""
    return JsonResponse(_version())


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except (UnwellError, DatabaseError, redis.RedisError, OSError) as error:
        logger.warning("%s is unwell: %s", name, type(error).__name__)
        return "error"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UnwellError("migrations are pending")


def _valkey() -> None:
    url = settings.REDIS_URL
    with redis.Redis.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S) as client:
        client.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "migrations": _migrations, "valkey": _valkey}


@cache
def _version() -> dict[str, Any]:
    image = settings.BASE_DIR / "version.json"
    if image.is_file():
        described: dict[str, Any] = json.loads(image.read_text(encoding="utf-8"))
        return described
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"name": project["name"], "version": project["version"]}
