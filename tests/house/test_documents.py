"""Documents list what they must list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.house import tree
from visio import wire

NAMED_FILE = re.compile(r"`(?:[\w/-]+/)?([\w-]+\.(?:py|mjs|js))`")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
DJANGO_COMMANDS = {"migrate", "createsuperuser"}
MAKE = re.compile(r"`make ([a-z-]+)")
CLIENTS = ("livekit-client", "@livekit/rtc-node")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def _document(name: str) -> str:
    return (tree.ROOT / name).read_text(encoding="utf-8")


def test_the_directory_lists_every_folder() -> None:
    """A newcomer finds the one place for a thing."""
    document = _document("docs/directory.md")
    folders = {
        tree.name(path.parent) for path in tree.files("suite/*.py", "visio/*.py", "tests/*.py", "benchmarks/*.py")
    }
    own = {folder for folder in folders if folder.count("/") <= 1 and folder not in ("suite", "visio", "tests")}
    assert sorted(folder for folder in own if f"`{folder}/`" not in document) == []


def test_the_directory_lists_every_command() -> None:
    """So does an operator."""
    document = _document("docs/directory.md")
    commands = [path.stem for path in tree.files("*/management/commands/*.py") if path.stem != "__init__"]
    assert sorted(name for name in commands if f"`manage.py {name}" not in document) == []


@pytest.mark.parametrize("message", sorted(wire.MESSAGES))
def test_the_protocol_lists_every_wire_message(message: str) -> None:
    """`docs/protocol.md` is the companion of `wire.py`."""
    assert f"`{message}`" in _document("docs/protocol.md")
    assert f"`{wire.MESSAGES[message].__name__}`" in _document("docs/protocol.md")


def test_every_pinned_package_is_justified() -> None:
    """`docs/dependencies.md` says why each package that we chose is here; the pins of others follow them."""
    chosen = _document("requirements.txt").split("# What the packages above need")[0]
    names = re.findall(r"^([A-Za-z0-9-]+)(?:\[[a-z,]+\])?==", chosen, re.MULTILINE)
    document = _document("docs/dependencies.md").lower()
    assert names
    assert [name for name in names if f"`{name.lower()}`" not in document] == []


def test_every_client_of_the_matrix_is_listed() -> None:
    """`docs/testing.md` promises each version that the tests install."""
    package = json.loads(_document("package.json"))
    pinned = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    versions = {version.rpartition("@")[2] for name, version in pinned.items() if name.startswith(CLIENTS)}
    document = _document("docs/testing.md")
    assert versions
    assert sorted(version for version in versions if f"| {version} |" not in document) == []


def _documents() -> list[Path]:
    return tree.files("*.md")


def test_every_file_that_a_document_names_is_there() -> None:
    """A file that moved or went takes its mention along."""
    there = {path.name for path in tree.files("*.py", "*.mjs", "*.js")}
    named = {
        (tree.name(path), name) for path in _documents() for name in NAMED_FILE.findall(_document(tree.name(path)))
    }
    assert {(document, name) for document, name in named if name not in there} == set()


def test_every_command_that_a_document_names_is_there() -> None:
    """Of `manage.py` and of `make`."""
    known = {path.stem for path in tree.files("*/management/commands/*.py")} | DJANGO_COMMANDS
    targets = set(re.findall(r"^([a-z-]+):", _document("Makefile"), re.MULTILINE))
    for path in _documents():
        text = path.read_text(encoding="utf-8")
        assert set(COMMAND.findall(text)) <= known, path
        assert set(MAKE.findall(text)) <= targets, path


def test_every_module_that_make_runs_is_there() -> None:
    """No target calls what does not exist."""
    modules = re.findall(r"-m (benchmarks\.[\w.]+)", _document("Makefile"))
    assert [module for module in modules if not (tree.ROOT / f"{module.replace('.', '/')}.py").is_file()] == []


def test_links_between_documents_lead_somewhere() -> None:
    """No dead link in the project's own documents."""
    dead = [
        (tree.name(path), link)
        for path in tree.files("*.md")
        for link in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / link).exists()
    ]
    assert dead == []
