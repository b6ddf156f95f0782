"""The page after a meeting: why it is over, the way on, what one may take along, and how it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request

from suite.identity import logins
from visio.attendance.models import Participation, Rating
from visio.attendance.rating_form import RatingForm
from visio.attendance.ratings import latest_stay
from visio.live.keepsakes import keepsakes
from visio.rooms import entry, guests
from visio.rooms.abilities import Action, decide
from visio.rooms.api.callers import user_of
from visio.rooms.api.throttles import AddressThrottle, GuestThrottle, OpenThrottle
from visio.rooms.goodbyes import RATED, Why
from visio.rooms.models import Room
from visio.rooms.throttled import throttled


class RatingThrottle(OpenThrottle):
    """Counts what one person, or one guest's browser, says of meetings; a browser that is neither by its address."""

    scope = "rating"
    rate = "20/hour"

    def ident(self, request: Request) -> str | None:
        """Give the person, the guest's secret or the address."""
        user = user_of(request)
        return str(user.pk) if user else guests.known(request.COOKIES) or self.get_ident(request)


@never_cache
@require_safe
@throttled(GuestThrottle, AddressThrottle)
def goodbye(request: HttpRequest, slug: str) -> HttpResponse:
    """Say why the meeting is over for this person, and offer what they may do now."""
    return _page(request, slug, _why(request, request.GET.get("why", "")), RatingForm())


@never_cache
@require_POST
@throttled(RatingThrottle)
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep how the meeting was; nobody is asked who was not there."""
    why = _why(request, request.POST.get("why", ""))
    form, stay = RatingForm(request.POST), _stay(request, Room.objects.named(slug))
    if stay is None:
        messages.info(request, _("This can be said only by those who were in the meeting, and not long after it."))
    elif not form.is_valid():
        return _page(request, slug, why, form)
    else:
        Rating.give(stay, **form.cleaned_data)
        messages.success(request, _("Thank you. What you said helps to make meetings better."))
    return redirect(f"{reverse('goodbye', args=[slug])}?why={why}&said=1")


def _why(request: HttpRequest, asked: str) -> Why:
    why = Why(asked) if asked in Why.values else Why.LEFT
    if why is Why.REMOVED and "agent" in request.GET and not request.user.is_authenticated:
        return Why.SIGNED_OUT
    return why


def _page(request: HttpRequest, slug: str, why: Why, form: RatingForm) -> HttpResponse:
    room = Room.objects.named(slug)
    context: dict[str, Any] = {"why": why, "slug": slug, "room": room, "form": form}
    if room:
        context |= _about(request, room, why)
    return render(request, "visio/goodbye.html", context, status=400 if form.errors else 200)


def _about(request: HttpRequest, room: Room, why: Why) -> dict[str, Any]:
    """Give what the page says besides why: of the room, of this person."""
    login, facts, stay = logins.current(request), room.facts, _stay(request, room)
    days = facts.policy.attendance_days
    person = entry.knocker(request, login, room)
    return {
        "days": days,
        "asks": bool(stay and days and why in RATED and "said" not in request.GET),
        "keepsakes": keepsakes(login.user, room, stay.gathering if stay else None) if login else [],
        "may_open": why is Why.CLOSED and person.is_host and decide(Action.ENTER, facts, person).allowed,
    }


def _stay(request: HttpRequest, room: Room | None) -> Participation | None:
    """Give the latest stay of the person behind `request` in a room."""
    if room is None:
        return None
    login, guest = logins.current(request), guests.known(request.COOKIES)
    device = guests.identity(guest, room.main_id) if guest else ""
    return latest_stay(room.main, str(login.user_id) if login else device)
