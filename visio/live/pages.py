"""The kept chats of a room: a list for its members, and each as a file."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from visio.live import chat_exports, readers, retention
from visio.live.models import ChatMessage
from visio.rooms.abilities import Action
from visio.rooms.find import SignedInRequest, room_for


@require_GET
@login_required
def chats(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the chats that are kept, the newest first."""
    room, _may = room_for(request, slug, Action.EXPORT_CHAT)
    mine = str(request.user.pk)
    readable = Q(chat__recipient="") | Q(chat__recipient=mine) | Q(chat__sender=mine)
    found = readers.gatherings(room, request.user).annotate(lines=Count("chat", filter=readable)).filter(lines__gt=0)
    context: dict[str, Any] = {
        "room": room,
        "gatherings": found,
        "forms": chat_exports.FORMS,
        "days": retention.days_of(room),
    }
    return render(request, "visio/chats.html", context)


@require_GET
@login_required
def chat_file(request: SignedInRequest, slug: str, gathering_id: uuid.UUID, form: str) -> HttpResponse:
    """Give a chat as a file, with the private lines of nobody else."""
    room, _may = room_for(request, slug, Action.EXPORT_CHAT)
    gathering = get_object_or_404(readers.gatherings(room, request.user), pk=gathering_id)
    if form not in chat_exports.FORMS:
        raise Http404
    chosen = chat_exports.FORMS[form]
    lines = ChatMessage.objects.filter(gathering=gathering).read_by(str(request.user.pk)).whole().order_by("first")
    answer = HttpResponse(chosen.write(room.name, lines), content_type=chosen.content_type)
    name = f"{room.slug}-{gathering.began_at:%Y-%m-%d}.{chosen.ending}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    return answer
