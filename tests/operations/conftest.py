"""One machine per test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.operations.machine import Machine


@pytest.fixture
def up() -> Iterator[Callable[..., Machine]]:
    """Give a function that runs `manage.py up` with the given settings; ends it after the test."""
    machines: list[Machine] = []
    with tempfile.TemporaryDirectory(prefix="up-", ignore_cleanup_errors=True) as parent:

        def run(**settings: str) -> Machine:
            folder = Path(parent) / f"machine-{len(machines)}"
            machines.append(Machine(Path(settings.pop("DATA_DIR", str(folder))), **settings))
            return machines[-1]

        yield run
        for machine in machines:
            machine.end()
