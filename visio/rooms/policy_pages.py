"""The pages of a room's rules: the form for hosts, and the dry run for hosts and administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visio.rooms import dry_run as trial
from visio.rooms.abilities import Action
from visio.rooms.errors import RoomsError
from visio.rooms.find import SignedInRequest, gone_is_unknown, room_for, room_or_404
from visio.rooms.person import abilities_of
from visio.rooms.policy_form import PolicyForm, initial, locks


@require_http_methods(["GET", "POST"])
@login_required
def room_policy(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the rules of a room, and who set those that the room cannot change; take new ones."""
    room, _may = room_for(request, slug, Action.UPDATE)
    form = PolicyForm(request.POST or None, initial=initial(room))
    if form.is_valid():
        try:
            with gone_is_unknown():
                room.change(**form.cleaned())
        except RoomsError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The rules are saved."))
            return redirect("room_policy", slug=slug)
    context = {"room": room, "form": form, "locks": locks(room.facts.policy), "has_passcode": bool(room.passcode)}
    return render(request, "visio/room_policy.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def dry_run(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say of pasted addresses who would enter now, wait or be refused, and why."""
    room = room_or_404(slug)
    if not (request.user.is_staff or abilities_of(request.user, room)[Action.UPDATE].allowed):
        raise Http404
    form = trial.DryRunForm(request.POST or None)
    verdicts = trial.run(room, form.cleaned_data["addresses"]) if form.is_valid() else None
    context = {"room": room, "form": form, "verdicts": verdicts}
    return render(request, "visio/dry_run.html", context, status=400 if form.errors else 200)
