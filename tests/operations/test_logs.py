"""Logs: every role writes them in the form that is asked for, and without secrets."""

from __future__ import annotations

import json
import logging

import pytest

from suite.logs import WithoutSecrets
from tests.stack import Stack


def is_json(line: str) -> bool:
    """Tell whether a line is an object with a field that every record has."""
    try:
        return "Severity" in json.loads(line)
    except ValueError:
        return False


@pytest.mark.live
def test_every_role_writes_json() -> None:
    with Stack(worker=True, settings={"LOG_FORMAT": "json"}) as stack:
        written = {role: stack.log(role).splitlines() for role in ("web", "media-0", "worker")}
    assert all(written.values()), written
    assert [line for lines in written.values() for line in lines if not is_json(line)] == []


def test_arguments_of_tasks_are_not_logged() -> None:
    record = logging.makeLogRecord({"msg": "received", "data": {"args": "a secret"}, "request": "GET /?ticket=x"})
    assert WithoutSecrets().filter(record)
    assert not {"data", "request"} & record.__dict__.keys()
