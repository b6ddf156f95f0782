"""What a test run keeps in Valkey or Redis, which it may share with others: it forgets its own keys and no more."""

from __future__ import annotations

import redis


def forget(url: str, prefix: str) -> None:
    """Delete the keys that begin with `prefix`."""
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
