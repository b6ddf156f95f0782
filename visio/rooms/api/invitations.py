"""`/rooms/{id}/invite/`: invitations by e-mail, as La Suite Meet names them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from suite.identity.models import Login
from visio.rooms import entry, invitations
from visio.rooms.abilities import Action, decide
from visio.rooms.api.callers import signed_in
from visio.rooms.api.refusals import Refused
from visio.rooms.models import Room
from visio.rooms.tasks import send_invitation


class InvitationSerializer(serializers.Serializer[Any]):
    """Whom to write to."""

    emails = serializers.ListField(child=serializers.EmailField(), min_length=1, max_length=invitations.AT_ONCE)


class TooMany(APIException):
    """A person has written to as many addresses as they may."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    wait = invitations.WINDOW_S


INVITED = inline_serializer("Invited", {"already": serializers.IntegerField(help_text="Invited in the last hour.")})


def invite(request: Request, room: Room) -> Response:
    """Write to people that they are invited to a room. Raise `Http404` where no mail server was named."""
    if not invitations.is_possible():
        raise Http404
    user, login = signed_in(request), request.auth
    person = entry.knocker(request, login if isinstance(login, Login) else None, room)
    decision = decide(Action.INVITE, room.facts, person)
    if not decision.allowed:
        raise Refused(decision)
    asked = InvitationSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    send = partial(send_invitation.delay, str(room.main_id), str(user.pk), get_language() or "")
    try:
        already = invitations.invite(room.main, user, asked.validated_data["emails"], send)
    except invitations.TooManyInvitationsError as error:
        raise TooMany(error.message, error.code) from error
    return Response({"already": already}, status=status.HTTP_202_ACCEPTED)
