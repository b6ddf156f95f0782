"""Cleaning up after connection tests."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from visio.connection_test import entry

logger = logging.getLogger("visio.connection_test")


@shared_task(ignore_result=True)
def purge_tests() -> None:
    """Delete the rooms of tests that are over."""
    logger.info("purge: %d rooms of connection tests", entry.purge(timezone.now()))
