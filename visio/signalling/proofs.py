"""Time for those inside to prove more strongly who they are, where the rules ask for it from now on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from visio.rooms.abilities import Action, Person, RoomFacts, decide, stronger
from visio.rooms.models import Room, RoomQuerySet
from visio.signalling.models import Session

PROVE_WITHIN = timedelta(minutes=5)


def may_stay(session: Session, facts: RoomFacts, person: Person) -> bool:
    """Say whether the person of a session may stay; who lacks nothing but a stronger proof is given time for it."""
    if not stronger(facts, person):
        _note(session, None)
        return decide(Action.ENTER, facts, person).allowed
    if session.prove_by is None:
        _note(session, timezone.now() + PROVE_WITHIN)
    return session.has_time


def _note(session: Session, prove_by: datetime | None) -> None:
    if session.prove_by != prove_by:
        session.prove_by = prove_by
        session.save(update_fields=["prove_by"])


def overdue() -> RoomQuerySet:
    """Give the rooms where somebody's time is over."""
    late = Session.objects.revocable().filter(prove_by__lte=timezone.now())
    return Room.objects.filter(sessions__in=late).distinct()
