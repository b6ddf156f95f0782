"""How many sockets one person has in a room: counted in Valkey, for they may be in several web processes."""

from __future__ import annotations

import hashlib
import time
import uuid

from django.conf import settings

from visio.live.protocol import PING_S
from visio.signalling import registry

SOCKETS_MAX = 20
"""So many windows of one browser or account in one room; each is told everything that is said there."""
SILENT_S = 3 * PING_S
"""Who has said nothing for so long was in a process that died."""


async def add(room_id: uuid.UUID, identity: str, channel: str) -> bool:
    """Count a socket; say whether it is not one too many."""
    key, now = _key(room_id, identity), time.time()
    async with registry.valkey() as connection, connection.pipeline(transaction=True) as pipe:
        pipe.zremrangebyscore(key, 0, now - SILENT_S)
        pipe.zadd(key, {channel: now})
        pipe.zcard(key)
        pipe.expire(key, SILENT_S)
        _old, _new, count, _life = await pipe.execute()
    if count > SOCKETS_MAX:
        await remove(room_id, identity, channel)
    return bool(count <= SOCKETS_MAX)


async def keep(room_id: uuid.UUID, identity: str, channel: str) -> None:
    """Note that a socket is still there."""
    key = _key(room_id, identity)
    async with registry.valkey() as connection, connection.pipeline(transaction=True) as pipe:
        pipe.zadd(key, {channel: time.time()})
        pipe.expire(key, SILENT_S)
        await pipe.execute()


async def remove(room_id: uuid.UUID, identity: str, channel: str) -> None:
    """Count a socket no more."""
    async with registry.valkey() as connection:
        await connection.zrem(_key(room_id, identity), channel)


def _key(room_id: uuid.UUID, identity: str) -> str:
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    return f"{settings.REDIS_PREFIX}:sockets:{room_id}:{digest}"
