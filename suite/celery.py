"""The Celery application: where web and media send work that must not be lost."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, celeryd_init, setup_logging

from suite.operations.lifeline import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")

app = Celery("visio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_default_queue="default",
    broker_connection_retry_on_startup=True,
)
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logs(**_: Any) -> None:
    """Have Celery, which sees that somebody cares, leave the loggers as Django's LOGGING has set them."""


@celeryd_init.connect
def _log_warnings(**_: Any) -> None:
    """Have what the worker warns of, such as running as root, in the form of all other lines."""
    logging.captureWarnings(True)


@beat_embedded_init.connect
def _end_with_the_worker(**_: Any) -> None:
    """Have the clock, a process that the worker forks, end with it: two clocks would start everything twice."""
    die_with(os.getppid())
