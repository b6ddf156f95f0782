"""The past gatherings of a room, for those who run it, and their reports."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from suite.lib.tables import download
from visio.attendance import reports
from visio.attendance.models import Gathering
from visio.rooms.abilities import Action
from visio.rooms.find import SignedInRequest, room_for, room_now

PER_PAGE = 25


@never_cache
@require_safe
@login_required
def gatherings(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the gatherings of a room that are over, the latest first."""
    room, may = room_for(request, slug, Action.UPDATE)
    page = Paginator(room.gatherings.attended(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "room": room,
        "page": page,
        "reading": may[Action.READ_ATTENDANCE],
        "may_delete": may[Action.DESTROY].allowed,
    }
    return render(request, "visio/gatherings.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def delete_gathering(request: SignedInRequest, slug: str, gathering_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then erase what was kept of a gathering that is over."""
    room, _may = room_for(request, slug, Action.DESTROY)
    gathering = get_object_or_404(room.gatherings.attended(), pk=gathering_id)
    if request.method == "GET":
        return render(request, "visio/delete_gathering.html", {"room": room, "gathering": gathering})
    gathering.delete()
    messages.success(request, _("The meeting is deleted."))
    return redirect("gatherings", slug=slug)


@never_cache
@require_safe
@login_required
def attendance(request: SignedInRequest, slug: str, gathering_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give the report of one gathering, past or going on, as a file."""
    room, only_now = room_now(request, slug, Action.READ_ATTENDANCE)
    gathering = get_object_or_404(Gathering.objects.of(room, only_now=only_now), pk=gathering_id)
    return download(reports.sheet(gathering), kind, reports.file_name(gathering, "attendance"))
