"""How often people may call: counted per person or browser, since whole administrations share one address."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from visio.rooms import guests
from visio.rooms.api.callers import user_of

logger = logging.getLogger("visio.rooms")


class OpenThrottle(SimpleRateThrottle, ABC):
    """Counts in the shared cache; while the cache is away nobody is held up."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Say whether the caller may go on."""
        try:
            return super().allow_request(request, view)
        except RedisError:
            logger.warning("the cache is away: %s is not counted", self.scope)
            return True

    def get_cache_key(self, request: Request, _view: APIView) -> str | None:
        """Give the counter of this caller, or nothing for those who are not counted."""
        ident = self.ident(request)
        return ident and self.cache_format % {"scope": self.scope, "ident": ident}

    @abstractmethod
    def ident(self, request: Request) -> str | None:
        """Give what tells this caller from others."""


class CreationThrottle(OpenThrottle):
    """Counts the rooms that one person makes."""

    scope = "room_creation"

    def ident(self, request: Request) -> str | None:
        """Give the person."""
        user = user_of(request)
        return str(user.pk) if user else None


class GuestThrottle(OpenThrottle):
    """Counts the rooms that one guest's browser reads, once we know that browser."""

    scope = "room_read"

    def ident(self, request: Request) -> str | None:
        """Give the guest's secret."""
        return None if user_of(request) else guests.known(request.COOKIES)


class AddressThrottle(OpenThrottle):
    """Counts the rooms that all guests behind one address read, so that dropping the cookie does not help to guess."""

    scope = "room_read_address"

    def ident(self, request: Request) -> str | None:
        """Give the address."""
        return None if user_of(request) else self.get_ident(request)
