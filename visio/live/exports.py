"""What a gathering leaves to be taken home, for those who run the room: its polls and its notes."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from suite.lib import texts
from suite.lib.tables import Sheet, attachment, download
from visio.attendance.models import Gathering
from visio.attendance.reports import file_name
from visio.live.models import Notes, Poll
from visio.rooms.abilities import Action
from visio.rooms.find import SignedInRequest, room_now


@never_cache
@require_safe
@login_required
def polls(request: SignedInRequest, slug: str, gathering_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give the polls of one gathering as a file."""
    room, only_now = room_now(request, slug, Action.MODERATE)
    gathering = get_object_or_404(Gathering.objects.of(room, only_now=only_now), pk=gathering_id)
    heads = (_("Question"), _("Option"), _("Votes"), _("Voters"), _("Names"))
    rows = [row for poll in gathering.polls.all() for row in _rows(poll)]
    return download(Sheet(_("Polls"), heads, rows), kind, file_name(gathering, "polls"))


@never_cache
@require_safe
@login_required
def notes(request: SignedInRequest, slug: str, gathering_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give the shared notes of one gathering as a file."""
    room, only_now = room_now(request, slug, Action.MODERATE)
    gatherings = Gathering.objects.of(room, only_now=only_now)
    every = Notes.objects.select_related("gathering__room").filter(gathering__in=gatherings)
    found = get_object_or_404(every, pk=gathering_id)
    name = f"{file_name(found.gathering, 'notes')}.{kind}"
    if kind == "md":
        return attachment(found.text().encode(), "text/markdown; charset=utf-8", name)
    return attachment(texts.odt_of(found.text()), texts.ODT, name)


def _rows(poll: Poll) -> list[tuple[str | int, ...]]:
    voters = poll.ballots.count()
    names = [_("anonymous")] * len(poll.options) if poll.is_anonymous else [", ".join(some) for some in poll.names()]
    every = zip(poll.options, poll.votes, names, strict=True)
    return [(poll.question, option, votes, voters, who) for option, votes, who in every]
