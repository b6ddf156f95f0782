"""`/config/`: what a front end must know before anything else."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from visio.rooms.roles import AccessLevel

CONFIGURATION = inline_serializer(
    "Configuration",
    {
        "LANGUAGE_CODE": serializers.CharField(),
        "languages": serializers.ListField(child=serializers.CharField()),
        "resource": inline_serializer(
            "ResourceConfiguration",
            {"default_access_level": serializers.ChoiceField(choices=AccessLevel.choices)},
        ),
        "livekit": inline_serializer("LiveKitConfiguration", {"url": serializers.CharField()}),
        "authenticated_users_can_edit_display_name": serializers.BooleanField(),
    },
)


@extend_schema(responses=CONFIGURATION)
@api_view(["GET"])
def configuration(_request: Request) -> Response:
    """Give the settings that a front end needs."""
    return Response(
        {
            "LANGUAGE_CODE": settings.LANGUAGE_CODE,
            "languages": [code for code, _ in settings.LANGUAGES],
            "resource": {"default_access_level": AccessLevel.TRUSTED},
            "livekit": {"url": settings.LIVEKIT_API_URL},
            "authenticated_users_can_edit_display_name": False,
        }
    )
