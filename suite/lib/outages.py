"""Which errors mean that a service behind us is away, as opposed to a fault of ours."""

from __future__ import annotations

import kombu.exceptions
import redis
from django.db import InterfaceError, OperationalError

AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    ConnectionError,
    redis.ConnectionError,
    redis.TimeoutError,
    kombu.exceptions.OperationalError,
)
"""Database, Valkey or broker cannot be reached now; the same request may succeed in a moment."""
