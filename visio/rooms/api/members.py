"""`/resource-accesses/`: the members of rooms."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from suite.identity.models import User
from visio.rooms.abilities import Action
from visio.rooms.api.callers import signed_in
from visio.rooms.api.refusals import demand, told
from visio.rooms.errors import PersonUnknownError
from visio.rooms.models import Member, Room
from visio.rooms.roles import Role
from visio.rooms.serializers import AccessSerializer, NewAccessSerializer, RoleChangeSerializer

KEY = OpenApiParameter("id", uuid.UUID, OpenApiParameter.PATH)


@method_decorator(never_cache, name="dispatch")
class AccessViewSet(GenericViewSet[Member]):
    """Members: people see their own memberships, owners and hosts those of their rooms."""

    permission_classes = [IsAuthenticated]
    queryset = Member.objects.all()
    serializer_class = AccessSerializer

    @extend_schema(responses=AccessSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Give the memberships that the caller may see."""
        page = self.paginate_queryset(Member.objects.seen_by(signed_in(request)))
        return self.get_paginated_response(AccessSerializer(page, many=True).data)

    @extend_schema(parameters=[KEY], responses=AccessSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Give one membership."""
        return Response(AccessSerializer(_member(request, pk)).data)

    @extend_schema(request=NewAccessSerializer, responses={201: AccessSerializer})
    def create(self, request: Request) -> Response:
        """Make somebody a member of a room."""
        asked = _input(request, NewAccessSerializer)
        room = Room.objects.filter(pk=asked["resource"]).first()
        if room is None:
            raise Http404
        role = Role(asked["role"])
        _demand(request, room, role)
        with told():
            member = _add(room, asked, role)
        return Response(AccessSerializer(member).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY], request=RoleChangeSerializer, responses=AccessSerializer)
    def update(self, request: Request, pk: str) -> Response:
        """Give a member another role."""
        member = _member(request, pk)
        role = Role(_input(request, RoleChangeSerializer)["role"])
        _demand(request, member.room, Role(member.role), role)
        with told():
            member.change_role(role)
        return Response(AccessSerializer(member).data)

    @extend_schema(parameters=[KEY], request=RoleChangeSerializer, responses=AccessSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Give a member another role."""
        return self.update(request, pk)

    @extend_schema(parameters=[KEY], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """End a membership: the caller's own, or somebody's in a room that they run."""
        member = _member(request, pk)
        if member.user_id != signed_in(request).pk:
            _demand(request, member.room, Role(member.role))
        with told():
            member.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _member(request: Request, text: str) -> Member:
    try:
        return Member.objects.seen_by(signed_in(request)).get(pk=uuid.UUID(text))
    except ValueError as error:
        raise Http404 from error


def _demand(request: Request, room: Room, *roles: Role) -> None:
    """Ask for the right to manage members; owners are made and unmade by owners only."""
    user = signed_in(request)
    demand(Action.MANAGE_MEMBERS, room, user)
    if Role.OWNER in roles:
        demand(Action.MANAGE_OWNERS, room, user)


def _input(request: Request, kind: type[Serializer[Any]]) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _add(room: Room, asked: dict[str, Any], role: Role) -> Member:
    if "email" in asked:
        return room.add_member_by_email(asked["email"], role)
    user = User.objects.filter(pk=asked["user"], is_active=True).first()
    if user is None:
        raise PersonUnknownError("person_unknown", _("This person is not known here."))
    return room.add_member(user, role)
