"""Work outside of requests: reports that are too old are forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from visio.attendance.models import Participation
from visio.rooms.models import Room

logger = logging.getLogger("visio.attendance")


@shared_task(ignore_result=True)
def purge_attendance() -> None:
    """Delete what was noted of gatherings that ended longer ago than the policy of their room keeps it."""
    now, count = timezone.now(), 0
    for room in Room.objects.filter(gatherings__participations__isnull=False).distinct().iterator(chunk_size=500):
        kept = now - timedelta(days=room.facts.policy.attendance_days)
        old = Participation.objects.filter(gathering__room=room, gathering__ended_at__lt=kept)
        count += old.delete()[0]
    logger.info("purge: %d participations", count)
