"""`manage.py run ROLE`: what an operator is told when a role cannot start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.stack import ROOT


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "run", *arguments]
    return subprocess.run(
        command, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_unknown_role_is_refused_with_the_known_ones() -> None:
    done = run("kitchen")
    assert done.returncode == 1
    assert "There is no role 'kitchen': choose one of web, media, worker, beat, provider." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_explained() -> None:
    done = run("web", MEDIA_WORKERS="0")
    assert done.returncode == 2
    assert done.stderr.strip() == "Visio cannot start: MEDIA_WORKERS must be from 1 to 64, not 0."


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("web", PORT=str(port))
    assert done.returncode == 1
    assert f"{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_media_explains_a_wrong_setting() -> None:
    done = run("media", MEDIA_HOST="kitchen")
    assert done.returncode == 2
    assert "Visio cannot start: MEDIA_HOST must list IP addresses" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_provider_needs_node(tmp_path: Path) -> None:
    done = run("provider", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "needs Node 20" in done.stderr
