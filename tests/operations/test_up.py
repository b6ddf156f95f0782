"""Everything on one machine: it starts, mends itself, ends in order and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import stat
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.operations.machine import Machine
from tests.stack import wait_until

pytestmark = pytest.mark.live

Up = Callable[..., Machine]
PATIENCE_S = 60
PROGRAMS = {"valkey", "web", "media", "worker", "worker-beat", "provider"}


def status(url: str, context: ssl.SSLContext | None = None) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10, context=context) as answer:  # noqa: S310  (this machine)
            return int(answer.status)
    except OSError:
        return 0


def test_it_starts_mends_itself_and_ends_in_order(up: Up) -> None:
    machine = up(DEMO_OIDC="true")
    url = machine.wait_ready()
    assert url == f"http://127.0.0.1:{machine.port}"
    assert status(f"{url}/__heartbeat__") == 200
    assert status(f"{url}/try-demo-now") == 200
    assert set(machine.programs()) == PROGRAMS
    assert stat.S_IMODE((machine.folder / "valkey.sock").stat().st_mode) == 0o700

    for role in PROGRAMS - {"worker-beat"}:
        kill_and_wait_until_back(machine, role)
    wait_until(lambda: status(f"{url}/__heartbeat__") == 200, "the installation is healthy again")

    os.kill(machine.programs()["web"], signal.SIGKILL)
    assert status(f"{url}/__lbheartbeat__") == 200, "who comes while web restarts waits"

    second = up(DATA_DIR=str(machine.folder))
    assert second.process.wait(PATIENCE_S) == 1
    assert "already runs" in second.text()

    began = time.monotonic()
    assert machine.stop() == 0
    assert time.monotonic() - began < 5
    assert machine.programs() == {}


def kill_and_wait_until_back(machine: Machine, role: str) -> None:
    before = machine.programs()[role]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: machine.programs().get(role, before) != before, f"{role} is back")


def test_a_killed_supervisor_leaves_no_process(up: Up) -> None:
    machine = up(DEMO_OIDC="true")
    machine.wait_ready()
    assert set(machine.programs()) == PROGRAMS
    machine.process.kill()
    machine.process.wait()
    wait_until(lambda: machine.programs() == {}, "everything has ended", seconds=5)


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("PORT", socket.SOCK_STREAM),
        ("DEMO_OIDC_PORT", socket.SOCK_STREAM),
        ("MEDIA_TCP_PORT", socket.SOCK_STREAM),
        ("MEDIA_UDP_PORT", socket.SOCK_DGRAM),
        ("MEDIA_METRICS_PORT", socket.SOCK_STREAM),
    ],
)
def test_a_port_in_use_is_named(up: Up, setting: str, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        machine = up(DEMO_OIDC="true", **{setting: str(port)})
        assert machine.process.wait(PATIENCE_S) != 0
    assert f"port {port} is in use" in machine.text()
    assert setting in machine.text()
    assert "Traceback" not in machine.text()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "many"}, "PORT must be a whole number, not 'many'."),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "check DATABASE_URL"),
        ({"DATABASE_URL": "mysql://127.0.0.1/visio"}, "DATABASE_URL must start with"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "check REDIS_URL"),
        ({"MEDIA_TCP_PORT": "65535", "MEDIA_WORKERS": "2"}, "MEDIA_TCP_PORT is too high"),
        ({"PORT": "23456", "MEDIA_TCP_PORT": "23456"}, "TCP port 23456 is wanted twice, by PORT and by MEDIA_TCP_PORT"),
        ({"MEDIA_BIND": "192.0.2.7"}, "check MEDIA_BIND"),
        ({"DATA_DIR": "/dev/null"}, "DATA_DIR: cannot keep /dev/null"),
        ({"OIDC_RP_PRIVATE_KEY": "-----BEGIN PRIVATE KEY-----"}, "OIDC_RP_PRIVATE_KEY must hold a private key"),
        ({"TLS_CERTIFICATE": "/nowhere.pem"}, "TLS_CERTIFICATE: cannot read the file /nowhere.pem."),
    ],
)
def test_a_wrong_setting_is_explained(up: Up, settings: dict[str, str], sentence: str) -> None:
    machine = up(**settings)
    assert machine.process.wait(PATIENCE_S) != 0
    assert sentence in machine.text()
    assert len(machine.text().splitlines()) == 1


def test_a_folder_too_deep_for_a_socket_is_explained(up: Up, tmp_path: Path) -> None:
    machine = up(DATA_DIR=str(tmp_path / ("x" * 110)))
    assert machine.process.wait(PATIENCE_S) != 0
    assert "DATA_DIR is too long" in machine.text()


def test_a_network_is_served_over_https(up: Up) -> None:
    machine = up(LAN="1", DEMO_OIDC="true")
    url = machine.wait_ready()
    assert url.startswith("https://")
    context = ssl.create_default_context(cafile=str(machine.folder / "lan" / "certificate.pem"))
    assert status(f"{url}/__lbheartbeat__", context) == 200
    issuer = url.replace(str(machine.port), str(machine.port + 1))
    assert status(f"{issuer}/.well-known/openid-configuration", context) == 200
    assert "alice" in sign_in_page(url, context)


def sign_in_page(url: str, context: ssl.SSLContext) -> str:
    """Give the provider's page, reached as a browser does; web has asked the provider for its endpoints by then."""
    https = urllib.request.HTTPSHandler(context=context)
    browser = urllib.request.build_opener(https, urllib.request.HTTPCookieProcessor())
    with browser.open(f"{url}/oidc/authenticate/", timeout=PATIENCE_S) as answer:
        text: str = answer.read().decode()
    return text
