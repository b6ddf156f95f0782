"""What the house tests read: the project's own files, without what is generated or comes from others."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ROOT = Path(__file__).resolve().parent.parent.parent
GENERATED = ("migrations/", "static/vendor/", "package-lock.json", "locale/")


def files(*patterns: str) -> list[Path]:
    """Give the project's files whose names match; those that git ignores do not count."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [ROOT / name for name in sorted(set(listed)) if not any(part in name for part in GENERATED)]
    return [path for path in paths if path.is_file()]


def name(path: Path) -> str:
    """Give the path as the project's documents write it."""
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def imports(path: Path) -> set[str]:
    """Give the dotted names that a Python file imports, whatever the place of the statement."""
    return _imported(ast.parse(path.read_text(encoding="utf-8")))


def late_imports(path: Path) -> set[str]:
    """Give the project's own dotted names that are imported inside functions of a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [_imported(node) for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    return {name for names in inside for name in names if name.split(".")[0] in ("suite", "visio")}


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def calls(path: Path) -> set[str]:
    """Give the plain names that a Python file calls."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def functions(path: Path) -> list[tuple[str, int]]:
    """Give the name and the number of lines of every function in a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]
