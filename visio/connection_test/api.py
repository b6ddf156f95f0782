"""`/connection-test/`: the right to test one's connection, for everybody who may be invited, guests included."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.decorators import api_view, throttle_classes
from rest_framework.request import Request
from rest_framework.response import Response

from visio.connection_test import entry
from visio.rooms import guests
from visio.rooms.api.callers import user_of
from visio.rooms.api.throttles import OpenThrottle

TICKET = inline_serializer("ConnectionTest", {"url": serializers.CharField(), "token": serializers.CharField()})


class CallerThrottle(OpenThrottle):
    """Counts the tests of one person, or of one guest's browser."""

    scope = "connection_test"

    def ident(self, request: Request) -> str | None:
        """Give who tests."""
        user = user_of(request)
        return str(user.pk) if user else guests.secret(request)


class AddressThrottle(OpenThrottle):
    """Counts the tests of all guests behind one address, so that dropping the cookie does not help."""

    scope = "connection_test_address"

    def ident(self, request: Request) -> str | None:
        """Give the address."""
        return None if user_of(request) else self.get_ident(request)


@extend_schema(request=None, responses={201: TICKET})
@never_cache
@api_view(["POST"])
@throttle_classes([CallerThrottle, AddressThrottle])
def begin(_request: Request) -> Response:
    """Give the signalling address and a ticket to a room of its own, for a few minutes."""
    body = {"url": settings.LIVEKIT_API_URL, "token": entry.begin(timezone.now())}
    return Response(body, status=status.HTTP_201_CREATED)
