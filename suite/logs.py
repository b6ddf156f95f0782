"""How Visio's processes write their logs: one line each on the error output, without anything secret."""

from __future__ import annotations

import logging
from typing import Any

TEXT = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
JSON = {"()": "dockerflow.logging.MozlogFormatter", "logger_name": "visio"}


class WithoutSecrets(logging.Filter):
    """Takes out of records what may hold a secret: Django's request (its query may be a ticket), tasks' arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, poorer by what Django and Celery attach to it."""
        for name in ("request", "data"):
            record.__dict__.pop(name, None)
        return True


class InOneLine(logging.Filter):
    """Takes the traceback out of records: a Valkey that is away is one line each second, not forty."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with its error's name instead of its traceback."""
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = "%s %s", (record.getMessage(), repr(record.exc_info[1]))
            record.exc_info = None
        return True


def configuration(form: str) -> dict[str, Any]:
    """Give what `logging.config.dictConfig` takes, and Django as LOGGING, for lines in the `form` text or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_secrets": {"()": WithoutSecrets}, "in_one_line": {"()": InOneLine}},
        "formatters": {"lines": JSON if form == "json" else TEXT},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["without_secrets"]},
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "celery": {"level": "INFO"},
            "channels_redis.pubsub": {"filters": ["in_one_line"]},
            "django": {"handlers": [], "level": "WARNING"},
            "django.security.DisallowedHost": {"filters": ["in_one_line"], "level": "CRITICAL"},
            "suite": {"level": "INFO"},
            "visio": {"level": "INFO"},
        },
    }
