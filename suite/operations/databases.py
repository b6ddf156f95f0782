"""How we speak to a database and to Valkey: what several processes need, and what lets them come back quickly."""

from __future__ import annotations

from typing import Any

import dj_database_url
import redis
import redis.asyncio.retry
import redis.retry
from redis.backoff import NoBackoff

SQLITE = {  # without these, several processes on one file fail with "database is locked"
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
# Without a database, requests fail while a person still waits; when it is back, so is the pool, at once. With the
# pool's own times a request fails after 30 seconds, and the pool stays away up to five minutes longer. It keeps few
# idle connections: a request pauses longer and longer between those that a restart of the database has broken.
POOL = {"min_size": 1, "max_size": 8, "max_idle": 20, "timeout": 4, "reconnect_timeout": 1}


def database(url: str) -> dict[str, Any]:
    """Give Django's settings of the database at `url`."""
    found: dict[str, Any] = dict(dj_database_url.parse(url))
    if found["ENGINE"].endswith("sqlite3"):
        return found | {"OPTIONS": SQLITE}
    return found | {"OPTIONS": {"pool": POOL}, "CONN_HEALTH_CHECKS": True}


def cache(url: str, prefix: str) -> dict[str, Any]:
    """Give Django's settings of the cache in the Valkey at `url`; one that hangs holds no page for long."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {
            "socket_timeout": 2,
            "retry": redis.retry.Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        },
        "KEY_PREFIX": f"{prefix}:cache",
    }


def channel_layer(url: str, prefix: str) -> dict[str, Any]:
    """Give the settings of the channel layer in the Valkey at `url`; one that hangs holds no socket for long.

    One more try at once: the connections of before a restart of Valkey are found broken by the first who uses them.
    """
    host = {
        "address": url,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "retry": redis.asyncio.retry.Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    }
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [host], "prefix": f"{prefix}."},
    }
