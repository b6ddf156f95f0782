"""Work outside of requests: reports that are too old are forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from visio.attendance.models import Gathering, Participation, Rating
from visio.rooms.models import Room

logger = logging.getLogger("visio.attendance")


@shared_task(ignore_result=True)
def purge_attendance() -> None:
    """Delete what was noted of gatherings that ended longer ago than the policy of their room keeps it."""
    now, count = timezone.now(), 0
    kept_of = [Exists(kind.objects.filter(gathering__room=OuterRef("pk"))) for kind in (Participation, Rating)]
    for room in Room.objects.filter(kept_of[0] | kept_of[1]).iterator(chunk_size=500):
        kept = now - timedelta(days=room.facts.policy.attendance_days)
        old = Gathering.objects.filter(room=room, ended_at__lt=kept)
        count += Participation.objects.filter(gathering__in=old).delete()[0]
        count += Rating.objects.filter(gathering__in=old).delete()[0]
    logger.info("purge: %d participations and ratings", count)
