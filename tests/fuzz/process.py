"""Fuzzing processes: the code is instrumented once, then each target is fuzzed in a copy (`fork`) of this process."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from atheris.import_hook import instrument_imports
from atheris.native import Fuzz, Setup

import tests.environment  # noqa: F401  (before Django reads its settings)

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from tests.fuzz.targets import Target


def load() -> Mapping[str, Target]:
    """Import the code under test, instrumented, and give the targets; before anything else has imported it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
    with instrument_imports(include=["visio"]):
        import django  # noqa: PLC0415  (what is instrumented must be imported here)

        django.setup()
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415
    logging.disable(logging.CRITICAL)
    return TARGETS


def start(target: Target, arguments: list[str], output: Path) -> ForkProcess:
    """Fuzz a target in a process of its own with libFuzzer's `arguments`; what it says goes to a file."""
    process = multiprocessing.get_context("fork").Process(target=_fuzz, args=(target, arguments, output), daemon=True)
    process.start()
    return process


def _fuzz(target: Target, arguments: list[str], output: Path) -> None:
    """Fuzz until libFuzzer's limits are reached; ends the process."""
    with output.open("wb") as file:
        for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
            os.dup2(file.fileno(), descriptor)
    Setup([sys.argv[0], f"-max_len={target.max_bytes}", *arguments], target.check)
    Fuzz()
