"""How often somebody may guess a passcode: counted per room and address, so that a new browser does not help."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from suite.lib.client_address import client_address

if TYPE_CHECKING:
    from visio.rooms.models import Room

logger = logging.getLogger("visio.rooms")
WINDOW_S = 60


def may_try(request: HttpRequest, room: Room) -> bool:
    """Count one more guess at the passcode of `room`; say whether it was not one too many this minute."""
    peer = request.META.get("REMOTE_ADDR", "")
    address = client_address(peer, request.headers.get("x-forwarded-for", ""), settings.TRUSTED_PROXIES)
    key = "passcode:" + hashlib.sha256(f"{room.pk} {address}".encode()).hexdigest()[:32]
    try:
        cache.add(key, 0, WINDOW_S)
        return cache.incr(key) <= settings.PASSCODE_TRIES_PER_MINUTE
    except RedisError:
        logger.warning("the cache is away: no passcode is taken")
        return False
    except ValueError:  # the window ended between the two calls
        return True
