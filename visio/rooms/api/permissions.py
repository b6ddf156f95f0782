"""Who reaches which part of the API, before any room is looked at."""

from __future__ import annotations

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from visio.rooms.api.callers import user_of


class SignedInUnlessReading(BasePermission):
    """Guests may read; everything else asks for a sign-in."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        """Say whether the caller may go on to the view."""
        return request.method in SAFE_METHODS or user_of(request) is not None
