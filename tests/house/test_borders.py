"""What may not be in the tree: strangers' origins, inline code, private names, promises."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house import tree

PRIVATE = re.compile(r"# noqa: .*SLF001")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\son[a-z]+=[\"']|\sstyle=[\"']|javascript:", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
NAMESPACES = ("//www.w3.org/",)
PROMISE = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error|pytest\\.mark\\.(?:skip|xfail)|pytest\\.skip\\(")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:ho" + r"me|ro" + r"ot|Us" + r"ers)/\w")
PRINTERS = ("suite/operations/setup.py", "manage.py", "benchmarks/", "tests/")
"""They speak to a terminal; everything else writes with a logger or a command's output."""
EMPTIED = re.compile(r"\bcaches?(?:\[[^]]*\])?\.cl" + r"ear\(")
SHARED_PATH = re.compile("\\.\\./sha" + "red|/wo" + "rk/|/tmp/pl" + "an")


def test_one_file_touches_private_names_of_libraries() -> None:
    """An upgrade of aiortc can break one file only."""
    excused = [tree.name(path) for path in tree.files("suite/*.py", "visio/*.py") if PRIVATE.search(_text(path))]
    assert excused == []


def test_no_inline_code_in_pages() -> None:
    """The content security policy allows none."""
    assert [tree.name(path) for path in tree.files("*.html") if INLINE.search(_text(path))] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    """No page, style sheet or browser module names another origin."""
    found = {
        (tree.name(path), address)
        for path in tree.files("templates/*", "static/*.css", "static/*.js", "static/*.svg")
        for address in ADDRESS.findall(_text(path))
        if not address.endswith(tuple(n.rstrip("/") for n in NAMESPACES))
    }
    assert found == set()


def test_nothing_is_promised_or_skipped() -> None:
    """What is not there is not announced; what is tested is tested everywhere."""
    assert [tree.name(path) for path in tree.files("*.py", "*.js", "*.html") if PROMISE.search(_text(path))] == []


def test_nothing_depends_on_the_place_where_it_was_written() -> None:
    """A clone works anywhere."""
    patterns = ("*.py", "*.js", "*.mjs", "*.md", "*.toml", "*.json", "Makefile", ".ci/run", "*.sh")
    assert [tree.name(path) for path in tree.files(*patterns) if SHARED_PATH.search(_text(path))] == []


def test_no_path_of_somebodys_machine() -> None:
    """Neither in code nor in documents."""
    patterns = ("*.py", "*.js", "*.mjs", "*.md", "*.toml", "*.json", "Makefile", ".ci/run", ".env.example")
    assert [tree.name(path) for path in tree.files(*patterns) if MACHINE_PATH.search(_text(path))] == []


def test_nobody_empties_a_shared_cache() -> None:
    """`cache.clear` deletes everything that a Redis holds, other processes' and other services' keys as well."""
    assert [tree.name(path) for path in tree.files("*.py") if EMPTIED.search(_text(path))] == []


def test_the_product_prints_nothing() -> None:
    """What happens is logged, without tokens and in the form that LOG_FORMAT asks for."""
    own = [path for path in tree.files("*.py") if not tree.name(path).startswith(PRINTERS)]
    assert [tree.name(path) for path in own if "print" in tree.calls(path)] == []
    modules = tree.files("static/*.js")
    assert [tree.name(path) for path in modules if re.search(r"\bconsole\.(?:log|debug)\(", _text(path))] == []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
