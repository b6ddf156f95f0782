"""The tree of imports, as `docs/directory.md` draws it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

MAY_IMPORT: dict[str, set[str]] = {
    "suite/lib": set(),
    "suite/theme": {"suite.lib"},
    "suite/identity": {"suite.lib", "suite.identity"},
    "suite/operations": {"suite.lib", "suite.operations"},
    "visio/rooms": {"suite.lib", "suite.identity", "visio.rooms"},
    "visio/connection_test": {"suite.lib", "suite.identity", "visio.rooms", "visio.connection_test"},
    "visio/preferences": {"suite.lib", "suite.identity", "visio.rooms", "visio.preferences"},
    "visio/attendance": {"suite.lib", "suite.identity", "visio.rooms", "visio.attendance"},
    "visio/signalling": {
        "suite.lib",
        "suite.identity",
        "suite.operations",
        "visio.rooms",
        "visio.attendance",
        "visio.signalling",
    },
    "visio/live": {
        "suite.lib",
        "suite.identity",
        "visio.rooms",
        "visio.attendance",
        "visio.signalling",
        "visio.live",
    },
    "visio/integration": {"visio.rooms", "visio.signalling", "visio.integration"},
    "visio/media": {"visio.media"},
}
EVERYBODY = {"suite.env", "suite.logs", "suite.celery", "visio.wire"}
COMPOSITION = {"suite.asgi"}
"""Only the web role's server starts the application."""


def owned(folder: str) -> set[str]:
    """Give what the files of `folder` import of the project itself."""
    found: set[str] = set()
    for path in tree.files(f"{folder}/*.py"):
        found |= {module for module in tree.imports(path) if module.split(".")[0] in ("suite", "visio")}
    return found


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_a_folder_imports_only_what_is_below_it(folder: str) -> None:
    """No folder reaches up or sideways."""
    allowed = MAY_IMPORT[folder] | EVERYBODY | {folder.replace("/", ".")}
    if folder == "suite/operations":
        allowed |= COMPOSITION
    strangers = {module for module in owned(folder) if not _within(module, allowed)}
    assert not {module for module in strangers if module not in ("suite", "visio")}


def _within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed) or module in ("suite", "visio")


def test_every_folder_has_a_place_in_the_tree() -> None:
    """A new folder must be given its place above."""
    folders = {"/".join(Path(tree.name(path)).parts[:2]) for path in tree.files("suite/*/*.py", "visio/*/*.py")}
    assert folders == set(MAY_IMPORT)


def test_nobody_imports_the_media_worker() -> None:
    """Web and media know each other only by `visio/wire.py`."""
    users = [path for path in tree.files("*.py") if any(m.startswith("visio.media") for m in tree.imports(path))]
    outside = [
        tree.name(path)
        for path in users
        if not tree.name(path).startswith(("visio/media/", "tests/media", "tests/fuzz/", "benchmarks/"))
    ]
    assert outside == []


def test_the_media_worker_loads_no_django() -> None:
    """Neither settings nor models, not even through a library; kombu's JSON only looks at Django's lazy texts."""
    program = "import sys, visio.media.__main__; sys.exit(not {'django.conf', 'django.db'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], cwd=tree.ROOT, check=False).returncode == 0


def test_imports_stand_at_the_top() -> None:
    """No import of the project's own inside a function hides a cycle; a command may load its role late."""
    hidden = {tree.name(path): tree.late_imports(path) for path in tree.files("suite/*.py", "visio/*.py")}
    assert {name: found for name, found in hidden.items() if found and "/management/commands/" not in name} == {}
