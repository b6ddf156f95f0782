"""The past gatherings of a room, for those who run it, and their reports."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
    context = {"room": room, "page": page, "reading": may[Action.READ_ATTENDANCE]}
    return render(request, "visio/gatherings.html", context)


@never_cache
@require_safe
@login_required
def attendance(request: SignedInRequest, slug: str, gathering_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give the report of one gathering, past or going on, as a file."""
    room, only_now = room_now(request, slug, Action.READ_ATTENDANCE)
    gathering = get_object_or_404(Gathering.objects.of(room, only_now=only_now), pk=gathering_id)
    return download(reports.sheet(gathering), kind, reports.file_name(gathering, "attendance"))
