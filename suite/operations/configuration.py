"""The documentation of every setting, made from what the code declares when it reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from suite.env import BASE_DIR, DECLARED, Setting

DOCUMENT = BASE_DIR / "docs" / "configuration.md"
SOURCE = BASE_DIR / "suite" / "settings.py"
BEGIN, END = "<!-- settings: manage.py configuration -->", "<!-- end of settings -->"
MACHINE_DEFAULTS = {
    "CELERY_BROKER_URL": "`REDIS_URL`",
    "MEDIA_WORKERS": "one per core",
    "DATA_DIR": "`data` beside `manage.py`",
    "ENV_FILE": "`.env` beside `manage.py`",
}
"""Settings whose default depends on the machine, and what the document says instead."""


def table() -> str:
    """Give the settings as Markdown tables, one per heading of the settings file, in its order."""
    return "\n\n".join(f"## {title}\n\n{_rows(names)}" for title, names in sections(SOURCE))


def sections(source: Path) -> list[tuple[str, list[str]]]:
    """Give the headings of a settings file, each with the names of the settings read under it."""
    found: list[tuple[str, list[str]]] = []
    text = source.read_text(encoding="utf-8")
    for match in re.finditer(
        r'^# --- (?P<title>.+?) -+$|env\.(?!is_set)\w+\(\s*"(?P<name>[A-Z][A-Z0-9_]+)"', text, re.MULTILINE
    ):
        if match["title"]:
            found.append((match["title"][0].upper() + match["title"][1:], []))
        elif match["name"] in DECLARED:
            found = found or [("Where settings come from", [])]
            found[-1][1].append(match["name"])
    return [(title, list(dict.fromkeys(names))) for title, names in found if names]


def _rows(names: Sequence[str]) -> str:
    lines = ["| Setting | Default | For |", "|---|---|---|"]
    return "\n".join(
        lines + [f"| `{name}` | {_default(DECLARED[name])} | {DECLARED[name].purpose} |" for name in names]
    )


def _default(setting: Setting) -> str:
    if setting.name in MACHINE_DEFAULTS:
        return MACHINE_DEFAULTS[setting.name]
    default = setting.default.replace(str(settings.DATA_DIR), "DATA_DIR")
    return f"`{default}`" if default else "none"


def renewed(document: str) -> str:
    """Give the document with its tables as the code has them now."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"
