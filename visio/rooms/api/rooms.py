"""`/rooms/`: a person's rooms, and the door of every room."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import GenericViewSet

from suite.identity.models import Login
from visio.rooms import entry
from visio.rooms.abilities import Action, Person, abilities
from visio.rooms.api import invitations
from visio.rooms.api.callers import signed_in, user_of
from visio.rooms.api.permissions import SignedInUnlessReading
from visio.rooms.api.refusals import demand, told
from visio.rooms.api.throttles import AddressThrottle, CreationThrottle, GuestThrottle
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.rooms.serializers import RoomInputSerializer, RoomRowSerializer, RoomSerializer, room_body

KEY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The room's link (`abc-defg-hij`) or id.")
USERNAME = OpenApiParameter("username", str, description="How a guest wants to be called.")


@method_decorator(never_cache, name="dispatch")
class RoomViewSet(GenericViewSet[Room]):
    """Rooms: everybody with a link reads one, signed-in people make them, owners and hosts change them."""

    permission_classes = [SignedInUnlessReading]
    queryset = Room.objects.all()
    serializer_class = RoomRowSerializer
    lookup_value_regex = "[^/]+"
    throttles: dict[str, list[type[BaseThrottle]]] = {
        "create": [CreationThrottle],
        "retrieve": [GuestThrottle, AddressThrottle],
    }

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what could be overdone."""
        return [throttle() for throttle in self.throttles.get(self.action, [])]

    @extend_schema(responses=RoomRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Give the rooms of which the caller is a member; guests have none."""
        user = user_of(request)
        rooms = Room.objects.of(user) if user else Room.objects.none()
        return self.get_paginated_response(RoomRowSerializer(self.paginate_queryset(rooms), many=True).data)

    @extend_schema(request=RoomInputSerializer, responses={201: RoomSerializer})
    def create(self, request: Request) -> Response:
        """Make a room that the caller owns."""
        user = signed_in(request)
        asked = _input(request)
        room = Room.create(user, asked.pop("name", ""), asked.pop("access_level", AccessLevel.TRUSTED)).seen_by(user)
        if asked:
            with told():
                room.change(**asked)
        return Response(_body(request, room, entry.knock(request, room)), status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY, USERNAME], responses=RoomSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Give a room and, to those who may enter, `livekit` with a ticket for one connection."""
        room = _room(pk).seen_by(user_of(request))
        return Response(_body(request, room, entry.knock(request, room, request.query_params.get("username", ""))))

    @extend_schema(parameters=[KEY], request=RoomInputSerializer, responses=RoomSerializer)
    def update(self, request: Request, pk: str) -> Response:
        """Change a room; what is not named stays."""
        room = _demanded(request, Action.UPDATE, pk)
        with told():
            room.change(**_input(request))
        return Response(_body(request, room.seen_by(signed_in(request))))

    @extend_schema(parameters=[KEY], request=RoomInputSerializer, responses=RoomSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a room; what is not named stays."""
        return self.update(request, pk)

    @extend_schema(parameters=[KEY], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a room and put everybody out."""
        _demanded(request, Action.DESTROY, pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[KEY], request=invitations.InvitationSerializer, responses={202: invitations.INVITED})
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Write to people that they are invited; where no mail server was named this is not there."""
        return invitations.invite(request, _room(pk))


def _body(request: Request, room: Room, found: entry.Entry | None = None) -> dict[str, Any]:
    login = request.auth if isinstance(request.auth, Login) else None
    facts = room.facts
    return room_body(room, facts.policy, abilities(facts, _visitor(request, login, room)), found)


def _visitor(request: Request, login: Login | None, room: Room) -> Person:
    return entry.knocker(request, login, room)


def _room(text: str) -> Room:
    room = Room.objects.named(text)
    if room is None:
        raise Http404
    return room


def _demanded(request: Request, action: Action, text: str) -> Room:
    room = _room(text)
    demand(action, room, signed_in(request))
    return room


def _input(request: Request) -> dict[str, Any]:
    serializer = RoomInputSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
