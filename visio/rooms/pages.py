"""The pages that lead into a room and out of it."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from suite.identity import logins, silent
from suite.identity.models import User
from visio.rooms import attempts, encryption, entry, guests, invitations
from visio.rooms.abilities import Action, abilities, stronger
from visio.rooms.api.throttles import AddressThrottle, CreationThrottle, GuestThrottle
from visio.rooms.expectations import expectations
from visio.rooms.find import SignedInRequest, room_or_404
from visio.rooms.forms import JoinForm, PasscodeForm, RoomForm
from visio.rooms.models import Room
from visio.rooms.posts import posted
from visio.rooms.rules import PASSCODE
from visio.rooms.standing import chat_days
from visio.rooms.throttled import throttled

SHOWN = (
    Action.USE_MICROPHONE,
    Action.USE_CAMERA,
    Action.SHARE_SCREEN,
    Action.CHAT,
    Action.WRITE_NOTES,
    Action.RECORD,
    Action.TRANSCRIBE,
)
"""Refusals that the page tells before somebody enters."""

uses_webassembly = csp_update({"script-src": ["'wasm-unsafe-eval'"]})
"""The filter against noise is WebAssembly in an audio worklet, which lives under the policy of its page (ADR 8)."""


@gzip_page
@never_cache
@ensure_csrf_cookie
@require_safe
@silent.first
def home(request: HttpRequest) -> HttpResponse:
    """Welcome a stranger, or show somebody's rooms."""
    return _home(request, JoinForm())


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Go to the room whose link or code was typed."""
    form = JoinForm(request.GET)
    if form.is_valid():
        return redirect("room", slug=form.cleaned_data["address"])
    return _home(request, form)


def _home(request: HttpRequest, form: JoinForm) -> HttpResponse:
    rooms = Room.objects.of(request.user) if isinstance(request.user, User) else Room.objects.none()
    context = {"join_form": form, "rooms": rooms, "site": settings.PUBLIC_URL}
    return render(request, "visio/home.html", context, status=400 if form.errors else 200)


@posted(back_to="home")
@throttled(CreationThrottle)
def start_now(request: SignedInRequest) -> HttpResponse:
    """Open a new room and enter it."""
    name = _("Meeting of %(name)s") % {"name": request.user}
    return redirect("room", slug=Room.create(request.user, name=name).slug)


@require_http_methods(["GET", "POST"])
@login_required
@throttled(CreationThrottle, methods=("POST",))
def create_room(request: SignedInRequest) -> HttpResponse:
    """Ask for a name and an access level, and make the room."""
    form = RoomForm(request.POST or None)
    if form.is_valid():
        room = Room.create(request.user, **form.cleaned_data)
        return redirect("room_settings", slug=room.slug)
    return render(request, "visio/create_room.html", {"form": form}, status=400 if form.errors else 200)


@uses_webassembly
@gzip_page
@never_cache
@ensure_csrf_cookie
@require_safe
@silent.first
@throttled(GuestThrottle, AddressThrottle)
def room_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the way into a room and the call in it, or say that one must be admitted first."""
    room = room_or_404(slug)
    if room.parent:  # the way into a group is through the meeting
        return redirect("room", slug=room.parent.slug)
    context = before(request, room)
    entering = context["entering"]
    if entering.allowed or entering.waits:
        return render(request, "visio/room.html", context)
    if entering.rule is PASSCODE:
        return render(request, "visio/passcode.html", {**context, "form": PasscodeForm()}, status=403)
    return render(request, "visio/refused.html", context, status=403)


def before(request: HttpRequest, room: Room) -> dict[str, Any]:
    """Give what the page before a call shows; who may enter or wait as a guest is known from then on."""
    login = logins.current(request)
    person = entry.knocker(request, login, room)
    facts = room.facts
    may = abilities(facts, person)
    entering = may[Action.ENTER]
    if entering.allowed or entering.waits:
        guests.ensure(request, login)
    return {
        "denied": {action: may[action] for action in SHOWN if not may[action].allowed},
        "room": room,
        "link": settings.PUBLIC_URL + reverse("room", args=[room.slug]),
        "person": login.user if login else None,
        "is_member": person.role is not None,
        "may_change": may[Action.UPDATE].allowed,
        "entering": entering,
        "encryption": encryption.of(facts.policy),
        "expectations": expectations(facts, chat_days(room, facts.policy)),
        "levels": stronger(facts, person),
        "waits": entering.waits,
        "sends_mail": invitations.is_possible(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@throttled(GuestThrottle, AddressThrottle)
def passcode(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the passcode of a room and go on to it; whoever comes without one is asked for it there."""
    room = room_or_404(slug)
    if request.method != "POST":
        return redirect("room", slug=slug)
    form = PasscodeForm(request.POST)
    if form.is_valid():
        if not attempts.may_try(request, room):
            form.add_error("passcode", _("Too many attempts. Please wait a minute and try again."))
        elif entry.give_passcode(request.session, room, form.cleaned_data["passcode"]):
            return redirect("room", slug=slug)
        else:
            form.add_error("passcode", _("This is not the passcode of this room."))
    return render(request, "visio/passcode.html", {"room": room, "form": form}, status=403)


@require_safe
def room_in_small_letters(_request: HttpRequest, typed: str) -> HttpResponse:
    """Lead people on whose telephone begins what they type with a capital."""
    return redirect("room", slug=typed.lower())
