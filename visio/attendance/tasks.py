"""Work outside of requests: reports that are too old are forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from visio.attendance.models import Gathering, Participation, Rating
from visio.rooms.models import Room

logger = logging.getLogger("visio.attendance")


@shared_task(ignore_result=True)
def purge_attendance() -> None:
    """Delete what was noted of gatherings that ended longer ago than the policy of their room keeps it."""
    now, count = timezone.now(), 0
    kept_of = Q(gatherings__participations__isnull=False) | Q(gatherings__ratings__isnull=False)
    for room in Room.objects.filter(kept_of).distinct().iterator(chunk_size=500):
        kept = now - timedelta(days=room.facts.policy.attendance_days)
        old = Gathering.objects.filter(room=room, ended_at__lt=kept)
        count += Participation.objects.filter(gathering__in=old).delete()[0]
        count += Rating.objects.filter(gathering__in=old).delete()[0]
    logger.info("purge: %d participations and ratings", count)
