"""A whole installation for tests: the real processes on free ports, in a folder of their own.

with Stack(media=2, worker=True, provider=True) as stack:
    address, token = stack.ticket("abc-defg-hij", "alice")
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import redis

from suite.operations import ports, valkey
from suite.operations.lifeline import die_with
from tests import keys
from tests.office import Office
from visio import wire

ROOT = Path(__file__).resolve().parent.parent
START_S = 90.0
STOP_S = 10.0
PORTS = range(20_000, 32_000)  # below Linux's ephemeral range, so that no client socket takes one in between


def free_ports(count: int) -> int:
    """Give the first of `count` neighbouring ports that are free on UDP and TCP now."""
    while True:
        first = secrets.choice(PORTS)
        if all(
            _is_free(kind, first + offset)
            for offset in range(count)
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        ):
            return first


def _is_free(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  (media workers listen on every address)
        except OSError:
            return False
    return True


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = START_S) -> None:
    """Wait until `condition` holds. Raise `TimeoutError` that names `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


class Stack:
    """Real processes of one installation; a context manager that leaves nothing behind."""

    def __init__(
        self,
        *,
        media: int = 1,
        worker: bool = False,
        provider: bool = False,
        own_valkey: bool = False,
        settings: dict[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="visio-"))
        self.port = free_ports(2)
        # As `manage.py up` does it: who connects while web restarts waits.
        self._listener = ports.listen(ports.Need("TCP", host, self.port, "PORT"))
        self.provider_port = self.port + 1
        self.media = media
        self.url = f"http://{host}:{self.port}"
        self.ws_url = f"ws://{host}:{self.port}"
        self.provider_url = f"http://127.0.0.1:{self.provider_port}"
        self.redis_prefix = f"stack-{secrets.token_hex(6)}"
        self._own_valkey = own_valkey or "TEST_REDIS_URL" not in os.environ
        self.redis_url = f"unix://{self.folder / 'valkey.sock'}" if self._own_valkey else os.environ["TEST_REDIS_URL"]
        self.env = self._environment(media, provider=provider) | (settings or {})
        self._names = ["web", *(f"media-{i}" for i in range(media))] + ["worker"] * worker + ["provider"] * provider
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._known_workers: set[bytes] = set()
        self._office: Office | None = None

    def _environment(self, media: int, *, provider: bool) -> dict[str, str]:
        media_ports = free_ports(3 * media)
        return {
            **os.environ,
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'visio.sqlite3'}",
            "REDIS_URL": self.redis_url,
            "REDIS_PREFIX": self.redis_prefix,
            "MEDIA_UDP_PORT": str(media_ports + 1),
            "MEDIA_TCP_PORT": str(media_ports),
            "MEDIA_METRICS_PORT": str(media_ports + 2 * media),
            "METRICS_TOKEN": "token-of-the-tests",
            "MEDIA_HOST": "127.0.0.1",
            "DEMO_OIDC": "true" if provider else "false",
            "DEMO_OIDC_PORT": str(self.provider_port),
        }

    # --- life -------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self.start(*self._names)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _prepare(self) -> None:
        if self._own_valkey:
            self.start("valkey")
        if "TEST_DATABASE_URL" in os.environ:
            self.env["DATABASE_URL"] = self._create_database()
        self._office = Office(self.env)
        self._office.run("migrate", "--verbosity", "0")

    def close(self) -> None:
        """End every process, last started first, and remove what they kept."""
        if self._office is not None:
            self._office.close()
        for name in reversed(list(self._children)):
            self.stop(name)
        self._listener.close()
        if not self._own_valkey:
            keys.forget(self.redis_url, self.redis_prefix)
        if "TEST_DATABASE_URL" in os.environ:
            self._drop_database()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- processes --------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        """Start these processes side by side and wait until all of them serve."""
        for name in names:
            self._launch(name)
        for name in names:
            wait_until(lambda name=name: self._is_ready(name), f"{name} is ready")  # type: ignore[misc]

    def _launch(self, name: str) -> None:
        assert not self.is_running(name), f"{name} is running"
        with open(self._log_path(name), "ab") as log:
            self._children[name] = subprocess.Popen(
                self._command(name),
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[self._listener.fileno()] if name == "web" else [],
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (it makes two system calls, no more)
            )

    def kill(self, name: str) -> None:
        """End the process `name` with SIGKILL, as a crash would."""
        child = self._children.pop(name)
        child.kill()
        child.wait()

    def release(self, name: str) -> subprocess.Popen[bytes]:
        """Give the process `name` to the caller, who sees to its end."""
        return self._children.pop(name)

    def stop(self, name: str) -> None:
        """End the process `name` with SIGTERM, as an operator would; SIGKILL when it does not obey."""
        child = self._children.pop(name)
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def restart(self, name: str) -> None:
        """End the process `name` in order when it runs, then start it."""
        if name in self._children:
            self.stop(name)
        self.start(name)

    def is_running(self, name: str) -> bool:
        """Tell whether the process `name` runs."""
        return name in self._children and self._children[name].poll() is None

    def pid(self, name: str) -> int:
        """Give the process number of `name`."""
        return self._children[name].pid

    def log(self, name: str) -> str:
        """Give everything that the process `name` wrote."""
        return self._log_path(name).read_text(encoding="utf-8", errors="replace")

    def manage(self, *arguments: str) -> str:
        """Run a `manage.py` command in this installation; give what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def ticket(self, slug: str, identity: str, *options: str) -> tuple[str, str]:
        """Give the signalling address and a ticket for a room, which is made when there is none."""
        assert self._office is not None, "the stack is not open"
        address, token = self._office.run("ticket", slug, identity, "--create", *options).split()
        return address, token

    def _log_path(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _command(self, name: str) -> list[str]:
        if name == "valkey":
            return valkey.command(self.folder / "valkey.sock")
        role, _, index = name.partition("-")
        options = {
            "web": ["--socket", str(self._listener.fileno())],
            "media": ["--index", index],
            "worker": ["--beat"],
        }.get(role, [])
        return [sys.executable, "manage.py", "run", role, *options]

    # --- readiness --------------------------------------------------------------------------------------

    def _is_ready(self, name: str) -> bool:
        if not self.is_running(name):
            raise RuntimeError(f"{name} ended at its start:\n{self.log(name)}")
        checks: dict[str, Callable[[], bool]] = {
            "valkey": lambda: valkey.answers(self.redis_url),
            "web": lambda: _answers(f"{self.url}/__lbheartbeat__"),
            "media": self._has_another_media_worker,
            "worker": lambda: "ready." in self.log("worker"),
            "provider": lambda: _answers(f"{self.provider_url}/.well-known/openid-configuration"),
        }
        return checks[name.partition("-")[0]]()

    def _has_another_media_worker(self) -> bool:
        with redis.Redis.from_url(self.redis_url) as client:
            workers = client.smembers(wire.workers_key(self.redis_prefix))
            alive = {w for w in workers if client.exists(wire.worker_key(self.redis_prefix, w.decode()))}
        another = next(iter(alive - self._known_workers), None)
        if another is not None:
            self._known_workers.add(another)
        return another is not None

    # --- borrowed servers -------------------------------------------------------------------------------

    def _create_database(self) -> str:
        name = self.redis_prefix.replace("-", "_")
        with _administration() as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{name}"

    def _drop_database(self) -> None:
        name = self.redis_prefix.replace("-", "_")
        with _administration() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    url = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310  (http on this machine)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
