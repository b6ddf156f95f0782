"""The Celery application: where web and media send work that must not be lost."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init

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


@beat_embedded_init.connect
def _end_with_the_worker(**_: Any) -> None:
    """Have the clock, a process that the worker forks, end with it: two clocks would start everything twice."""
    die_with(os.getppid())
