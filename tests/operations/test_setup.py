"""The set-up installs what is asked for, once; npm is a program of somebody else and made up here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suite.operations import setup

NPM = """
import pathlib, shutil, sys
pathlib.Path("asked").open("a").write(("some" if "--omit=dev" in sys.argv else "all") + " ")
shutil.rmtree("node_modules", ignore_errors=True)
for name in ["livekit-client"] if "--omit=dev" in sys.argv else ["livekit-client", "typescript"]:
    pathlib.Path("node_modules", name).mkdir(parents=True)
"""

Install = Callable[..., str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Give a function that installs into a folder of its own, and what npm was asked for so far."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path / ".venv")
    (tmp_path / "npm.py").write_text(NPM, encoding="ascii")
    (tmp_path / "package-lock.json").write_text("{}", encoding="ascii")

    def install(*, tests: bool) -> str:
        setup.npm_packages([sys.executable, str(tmp_path / "npm.py")], tests=tests)
        return (tmp_path / "asked").read_text(encoding="ascii").strip()

    return install


def test_what_runs_needs_no_packages_of_tests(install: Install) -> None:
    assert install(tests=False) == "some"
    assert install(tests=False) == "some"


def test_the_tests_get_the_rest_later_and_nothing_is_taken_away_again(install: Install) -> None:
    assert install(tests=False) == "some"
    assert install(tests=True) == "some all"
    assert install(tests=True) == "some all"
    assert install(tests=False) == "some all"


def test_another_lock_file_is_followed(install: Install, tmp_path: Path) -> None:
    assert install(tests=True) == "all"
    (tmp_path / "package-lock.json").write_text("{ }", encoding="ascii")
    assert install(tests=False) == "all some"
    assert install(tests=True) == "all some all"
