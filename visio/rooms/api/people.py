"""`/users/me/`: the person who is signed in."""

from __future__ import annotations

from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from visio.rooms.api.callers import signed_in
from visio.rooms.serializers import UserSerializer


@extend_schema(responses=UserSerializer)
@never_cache
@api_view(["GET"])
@permission_classes([IsAuthenticated])
def me(request: Request) -> Response:
    """Give the person who is signed in."""
    return Response(UserSerializer(signed_in(request)).data)
