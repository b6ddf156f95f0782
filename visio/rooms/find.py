"""Finds the room that a page is about, as its visitor may know it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from suite.identity.models import User
from visio.rooms import entry, visits
from visio.rooms.abilities import Action, decide
from visio.rooms.models import Room
from visio.rooms.person import abilities_of, of_user
from visio.rooms.policy import Decision


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


def room_or_404(slug: str) -> Room:
    """Give the room with this link. Raise `Http404` when there is none."""
    room = Room.objects.named(slug)
    if room is None:
        raise Http404
    return room


def room_for(request: SignedInRequest, slug: str, action: Action) -> tuple[Room, dict[Action, Decision]]:
    """Give a room and what the person may do there.

    Raise `Http404`, as for an unknown room, unless `action` is allowed.
    """
    room = room_or_404(slug)
    may = abilities_of(request.user, room)
    if not may[action].allowed:
        raise Http404
    return room, may


def room_now(request: SignedInRequest, slug: str, action: Action) -> tuple[Room, bool]:
    """Give a room where the person may do `action` by their role in the meeting, and say whether that ends with it.

    Raise `Http404`, as for an unknown room, unless it is allowed.
    """
    room = room_or_404(slug)
    visit = visits.of(room, str(request.user.pk), "")
    person = entry.decided(of_user(request.user, room), visit)
    if not decide(action, room.facts, person).allowed:
        raise Http404
    return room, person.has_role_for_now


@contextmanager
def gone_is_unknown() -> Iterator[None]:
    """Answer as for an unknown room when what is changed inside the block was deleted meanwhile."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404 from error
