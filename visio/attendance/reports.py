"""The report of a gathering: who was there, from when to when, as a table."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from suite.lib.tables import Sheet
from visio.attendance.models import Gathering, Participation

MOMENT = "%Y-%m-%d %H:%M:%S"


def sheet(gathering: Gathering) -> Sheet:
    """Give the report; times are those of the clock on the wall (`TIME_ZONE`)."""
    heads = (
        _("Name"),
        _("Organisation"),
        _("Came in"),
        _("From"),
        _("To"),
        _("Minutes"),
        _("Speaking time in seconds"),
        _("Identity"),
    )
    rows = [_row(each) for each in gathering.participations.all()]
    return Sheet(_("Attendance"), heads, rows)


def _row(one: Participation) -> tuple[str | int, ...]:
    name = _("%s (guest, not verified)") % one.name if one.is_guest else one.name
    seconds = ((one.ended_at or timezone.now()) - one.began_at).total_seconds()
    return (
        name,
        one.organization,
        one.came_in,
        _moment(one.began_at),
        _moment(one.ended_at),
        round(seconds / 60),
        round(one.spoken_ms / 1000),
        one.identity,
    )


def _moment(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime(MOMENT) if moment else ""


def file_name(gathering: Gathering, what: str) -> str:
    """Give the name of a file about a gathering, without its ending."""
    return f"{what}-{gathering.room.slug}-{timezone.localtime(gathering.began_at):%Y-%m-%d-%H%M}"
