"""`/users/me/preferences/`: what the person who is signed in has chosen for themselves, in every room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from visio.preferences import store
from visio.preferences.choices import CHOICES, FLAGS, KINDS
from visio.preferences.schema import PreferencesError
from visio.preferences.shortcuts import Shortcut
from visio.rooms.api.callers import signed_in

KIND = {name: f"Notices{name.title()}" for name in KINDS}
BODY = inline_serializer(
    "Preferences",
    {
        **{name: serializers.ChoiceField(choices=kind.choices, required=False) for name, kind in CHOICES.items()},
        **{name: serializers.BooleanField(required=False) for name in FLAGS},
        **{
            name: inline_serializer(
                KIND[name], {kind: serializers.BooleanField(required=False) for kind in kinds}, required=False
            )
            for name, kinds in KINDS.items()
        },
        "shortcuts": inline_serializer(
            "Shortcuts",
            {name: serializers.CharField(required=False, allow_blank=True) for name in Shortcut.values},
            required=False,
        ),
    },
)
REASONS = {
    "unknown": _("There is no such preference."),
    "object": _("An object is expected."),
    "choice": _("This is not one of the choices."),
    "flag": _("Yes or no is expected."),
    "unreadable": _("These are not keys that a shortcut can have."),
    "taken": _("Browsers or screen readers need these keys."),
    "single": _("Single keys must be allowed first."),
    "twice": _("Two shortcuts have the same keys."),
}


@extend_schema(methods=["GET"], responses=BODY)
@extend_schema(methods=["PUT", "PATCH"], request=BODY, responses=BODY)
@never_cache
@api_view(["GET", "PUT", "PATCH"])
@permission_classes([IsAuthenticated])
def preferences(request: Request) -> Response:
    """Give every preference. PATCH changes those that it names (null: to the default), PUT replaces all."""
    user = signed_in(request)
    if request.method == "GET":
        return Response(store.of(user))
    try:
        return Response(store.change(user, request.data, afresh=request.method == "PUT"))
    except PreferencesError as error:
        raise serializers.ValidationError({error.name: [REASONS[error.code]]}) from error
