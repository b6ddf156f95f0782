"""What time ends: logins that are over, and rows that nobody needs any more."""

from __future__ import annotations

import logging
from datetime import timedelta
from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from suite.identity import logins
from suite.identity.models import Login

logger = logging.getLogger("suite.identity")

KEPT = timedelta(days=90)
"""How long an ended login still says who was here and how sure the provider was."""


@shared_task(ignore_result=True)
def end_expired_logins() -> None:
    """End the logins whose time is over, and with them all that they opened, as a sign-out does."""
    expired = Login.objects.filter(ended_at=None, expires_at__lte=timezone.now())
    count = sum(logins.end(login) for login in expired)
    if count:
        logger.info("%d logins ended by themselves", count)


@shared_task(ignore_result=True)
def purge_logins() -> None:
    """Delete logins that ended long ago, and browser sessions that are over."""
    count, _ = Login.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    logger.info("purge: %d rows of logins", count)
