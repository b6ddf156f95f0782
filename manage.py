#!/usr/bin/env python
"""Django's command line for Visio; a wrong setting ends it with one sentence."""

from __future__ import annotations

import os
import sys

from suite.env import SettingError


def main() -> int:
    """Run the command named on the command line; give the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        print(f"Visio cannot start: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
