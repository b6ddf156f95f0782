"""Which browser modules a module needs before it runs: named on the page, they all come at once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders

STATIC_IMPORT = re.compile(r'^(?:import|export)\b[^;()]*?["\'](\.[^"\']+)["\'];', re.MULTILINE)
"""As our modules write them; `import(…)` inside code is fetched when it is reached."""
VENDORED = "vendor/"


@cache
def needed(entry: str) -> tuple[str, ...]:
    """Give the paths below `static/` of all modules that `entry` imports, itself first; of what npm made, the first."""
    found: dict[str, None] = {}
    due = [entry]
    while due:
        path = due.pop(0)
        if path in found:
            continue
        found[path] = None
        due += _imports(path)
    return tuple(found)


def _imports(path: str) -> list[str]:
    file = None if path.startswith(VENDORED) else finders.find(path)
    if file is None:
        return []
    names = STATIC_IMPORT.findall(Path(file).read_text(encoding="utf-8"))
    return [normpath(join(dirname(path), name)) for name in names]
