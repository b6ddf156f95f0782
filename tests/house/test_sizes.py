"""Small files, small functions."""

from __future__ import annotations

from tests.house import tree

FILE_MAX_LINES = 500
MODULE_MAX_LINES = 300
"""For browser modules."""
FUNCTION_MAX_LINES = 50
FUNCTION_USUAL_LINES = 25
README_MAX_LINES = 100
FORBIDDEN_NAMES = {"utils", "util", "core", "helpers", "helper", "manager", "common", "misc"}


def test_no_file_is_longer_than_one_can_hold_in_the_head() -> None:
    """Python, templates and style sheets."""
    long = {tree.name(path): tree.lines(path) for path in tree.files("*.py", "*.html", "*.css", "*.mjs")}
    assert {name: count for name, count in long.items() if count > FILE_MAX_LINES} == {}


def test_no_browser_module_is_long() -> None:
    """Browser modules are read as they are written, so they are shorter."""
    long = {tree.name(path): tree.lines(path) for path in tree.files("static/*.js")}
    assert {name: count for name, count in long.items() if count > MODULE_MAX_LINES} == {}


def test_no_function_is_long() -> None:
    """None over 50 lines, nine in ten of the product's under 25."""
    found = [(tree.name(path), *function) for path in tree.files("*.py") for function in tree.functions(path)]
    assert [function for function in found if function[2] > FUNCTION_MAX_LINES] == []
    own = [count for name, _, count in found if not name.startswith("tests/")]
    assert sum(count < FUNCTION_USUAL_LINES for count in own) >= 0.9 * len(own)


def test_no_name_that_says_nothing() -> None:
    """A function lives in the module that is named for its subject."""
    named = [tree.name(path) for path in tree.files("*.py", "*.js") if path.stem in FORBIDDEN_NAMES]
    assert named == []


def test_the_readme_is_short() -> None:
    """What it is, two commands, a picture, a table."""
    assert tree.lines(tree.ROOT / "README.md") <= README_MAX_LINES


def test_every_module_says_what_it_is_for() -> None:
    """The first line of a Python file that holds anything is a docstring."""
    silent = [tree.name(path) for path in tree.files("*.py") if not _introduced(path.read_text(encoding="utf-8"))]
    assert silent == []


def _introduced(text: str) -> bool:
    return not text.strip() or text.removeprefix("#!/usr/bin/env python\n").lstrip().startswith('"""')
