"""How Visio's processes write their logs: one line each on the error output, without anything secret."""

from __future__ import annotations

import logging
from typing import Any

TEXT = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
JSON = {"()": "dockerflow.logging.MozlogFormatter", "logger_name": "visio"}


class WithoutRequest(logging.Filter):
    """Takes Django's request out of records: its description has the query, and a query may hold a ticket."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, poorer by its request."""
        record.__dict__.pop("request", None)
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
    """Give Django's LOGGING setting for lines in the `form` text or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_request": {"()": WithoutRequest}, "in_one_line": {"()": InOneLine}},
        "formatters": {"lines": JSON if form == "json" else TEXT},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["without_request"]},
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "channels_redis.pubsub": {"filters": ["in_one_line"]},
            "django": {"handlers": [], "level": "WARNING"},
            "django.security.DisallowedHost": {"filters": ["in_one_line"], "level": "CRITICAL"},
            "suite": {"level": "INFO"},
            "visio": {"level": "INFO"},
        },
    }
