"""One fuzzing process: `python -m tests.fuzz.process TARGET [libFuzzer options and folders]`."""

from __future__ import annotations

import logging
import os
import sys

from atheris.import_hook import instrument_imports
from atheris.native import Fuzz, Setup

import tests.environment  # noqa: F401  (before Django reads its settings)


def main() -> None:
    """Fuzz until libFuzzer's limits are reached; ends the process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
    with instrument_imports(include=["visio"]):
        import django  # noqa: PLC0415  (what is instrumented must be imported here)

        django.setup()
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415
    logging.disable(logging.CRITICAL)
    target = TARGETS[sys.argv[1]]
    Setup([sys.argv[0], f"-max_len={target.max_bytes}", *sys.argv[2:]], target.check)
    Fuzz()


if __name__ == "__main__":
    main()
