"""Who is inside a room, for its page before somebody enters; asked when the page is shown, not again and again."""

from __future__ import annotations

from typing import Any

from django.db.models.fields.json import KT
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from suite.identity import logins
from suite.identity.models import Login
from visio.rooms import entry, guests
from visio.rooms.abilities import Action, decide
from visio.rooms.api.throttles import AddressThrottle, GuestThrottle
from visio.rooms.find import room_or_404
from visio.rooms.models import Room
from visio.rooms.throttled import throttled
from visio.signalling.models import Session

NAMES_MAX = 4


class LookThrottle(GuestThrottle):
    """Counts how often one guest's browser looks who is inside; the pages of rooms are counted apart."""

    scope = "inside"
    rate = "120/minute"


class AddressLookThrottle(AddressThrottle):
    """Counts the same of all guests behind one address."""

    scope = "inside_address"
    rate = "3000/minute"


@never_cache
@require_safe
@throttled(LookThrottle, AddressLookThrottle)
def inside(request: HttpRequest, slug: str) -> JsonResponse:
    """Give the number and the first names in the meeting, as far as this browser may know them.

    `elsewhere` says that the same person is in the meeting already, with another tab or device.
    """
    room, login = room_or_404(slug), logins.current(request)
    facts, person = room.facts, entry.knocker(request, login, room)
    if not decide(Action.COUNT_PEOPLE, facts, person).allowed:
        return JsonResponse({})
    people = _people(room)
    me = people.pop(_identity(request, login, room), None)
    told: dict[str, Any] = {"count": len(people), "elsewhere": me is not None}
    if decide(Action.SEE_PEOPLE, facts, person).allowed:
        told["names"] = list(people.values())[:NAMES_MAX]
    return JsonResponse(told)


def _people(room: Room) -> dict[str, str]:
    """Give the name of each person inside by their identity, first come first."""
    sessions = Session.objects.inside().in_meeting(room).filter(grant__hidden=False).order_by("answered_at")
    return dict(sessions.values_list("identity", KT("grant__name")))


def _identity(request: HttpRequest, login: Login | None, room: Room) -> str:
    guest = guests.known(request.COOKIES)
    device = guests.identity(guest, room.main_id) if guest else ""
    return str(login.user_id) if login else device
