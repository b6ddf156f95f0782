"""Who takes part, for hosts: the same facts as in the report, while the gathering goes on."""

from __future__ import annotations

from visio.attendance.models import Gathering, Participation
from visio.live.seat import Seat
from visio.live.topic import Said

LISTED_MAX = 1000
"""Participations that a host is greeted with, the latest; the report has all."""


def greet(here: Seat) -> list[Said]:
    """Tell a host who takes part, and everybody whether a report is kept."""
    room = here.room()
    kept: Said = {"type": "attendance.kept", "days": room.facts.policy.attendance_days}
    gathering = Gathering.objects.current(room.main)
    if not here.is_host or gathering is None:
        return [kept]
    latest = gathering.participations.order_by("-began_at")[:LISTED_MAX]
    people = [described(one) for one in reversed(latest)]
    return [kept, {"type": "attendance.people", "gathering": str(gathering.pk), "people": people}]


def described(one: Participation) -> Said:
    """Give what a host sees of a participation."""
    return {
        "id": str(one.pk),
        "identity": one.identity,
        "name": one.name,
        "organization": one.organization,
        "guest": one.is_guest,
        "how": one.how,
        "admitted_by": one.admitted_by,
        "from": one.began_at.isoformat(),
        "to": one.ended_at.isoformat() if one.ended_at else None,
        "spoken_ms": one.spoken_ms,
    }
