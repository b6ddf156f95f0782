"""How the API says no: the rule that refused, or what is wrong with the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException, PermissionDenied

from suite.identity.models import User
from visio.rooms.abilities import Action, decide
from visio.rooms.errors import LastOwnerError, RoomsError
from visio.rooms.models import Room
from visio.rooms.person import of_user
from visio.rooms.policy import Decision


class Refused(PermissionDenied):
    """A rule says no to somebody who may know that the room exists."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision.rule.sentence), decision.rule.code)
        source = decision.source
        self.extra = {"level": source.level, "set_by": source.set_by, "changed_by": decision.changed_by}


class Unfit(APIException):
    """What was asked for does not fit; the message says why."""

    status_code = status.HTTP_400_BAD_REQUEST


def demand(action: Action, room: Room, user: User) -> None:
    """Raise `Refused` unless `user` may do this; for strangers the room does not exist (`Http404`)."""
    person = of_user(user, room)
    decision = decide(action, room.facts, person)
    if decision.allowed:
        return
    if person.role is None:
        raise Http404
    raise Refused(decision)


@contextmanager
def told() -> Iterator[None]:
    """Turn what a room's own methods raise into answers."""
    try:
        yield
    except LastOwnerError as error:
        raise PermissionDenied(error.message, error.code) from error
    except RoomsError as error:
        raise Unfit(error.message, error.code) from error
