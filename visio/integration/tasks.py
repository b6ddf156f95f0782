"""Work outside of requests: telling integrators what happened, and ending the rooms that they have forgotten."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from visio import wire
from visio.integration import expiry, story, webhooks
from visio.integration.models import Delivery, State

logger = logging.getLogger("visio.integration")


PATIENCE = 40
PAUSE_S = 0.25
"""A report waits ten seconds for those before it; one that never comes was dropped by its worker."""


@shared_task(
    name=wire.TASK_HAPPENED, bind=True, autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=2 * PATIENCE
)
def happened(self: Task[Any, Any], worker: str, number: int, facts: list[Mapping[str, str]]) -> None:
    """Take what a media worker reports, in its order."""
    if self.request.retries < PATIENCE and not story.is_next(worker, number):
        raise self.retry(countdown=PAUSE_S)
    for room in story.take(worker, number, facts, timezone.now()):
        finish.apply_async((str(room),), countdown=story.patience(room).total_seconds())
    deliver_due.delay()


@shared_task(autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=20)
def finish(room: str) -> None:
    """Tell that a room is over, unless somebody has come back."""
    if story.finish(uuid.UUID(room), timezone.now()):
        deliver_due.delay()


@shared_task(autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=20)
def deliver_due() -> None:
    """Begin the deliveries that are to be made now."""
    for delivery in webhooks.due(timezone.now()):
        deliver.delay(delivery)


@shared_task(autoretry_for=(DatabaseError,), retry_backoff=True, max_retries=20)
def deliver(pk: int) -> None:
    """Make one attempt; then go on with the next event of the room, or try again after a pause."""
    delivery = Delivery.objects.filter(pk=pk, state=State.WAITING).first()
    if delivery is None:
        return
    pause_s = webhooks.attempt(delivery, timezone.now())
    if pause_s:
        deliver.apply_async((pk,), countdown=pause_s)
    elif pause_s == 0 and (following := webhooks.following(delivery)):
        deliver.delay(following.pk)


@shared_task(ignore_result=True)
def mend_webhooks() -> None:
    """Tell what a worker that died could not, and take up deliveries that a Celery process left behind."""
    if not settings.LIVEKIT_WEBHOOK_URLS:
        return
    for room in story.mend(timezone.now()):
        finish.delay(str(room))
    deliver_due.delay()


@shared_task(ignore_result=True)
def end_empty_rooms() -> None:
    """Delete the rooms of integrators that are empty for too long."""
    if settings.LIVEKIT_API_ENABLED and (count := expiry.end_empty(timezone.now())):
        logger.info("ended %d empty rooms of integrators", count)


@shared_task(ignore_result=True)
def purge_webhooks() -> None:
    """Delete deliveries that ended long ago."""
    logger.info("purge: %d webhooks", webhooks.purge(timezone.now()))
