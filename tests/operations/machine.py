"""`manage.py up` as an operator runs it, in a folder and on ports of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.stack import ROOT, free_ports, wait_until

READY = "Visio is ready: "


class Machine:
    """One `manage.py up` and the processes it started."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_ports(2)
        media = free_ports(2)
        self.env = {
            **os.environ,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DEMO_OIDC_PORT": str(self.port + 1),
            "MEDIA_TCP_PORT": str(media),
            "MEDIA_UDP_PORT": str(media + 1),
            "MEDIA_WORKERS": "1",
            "REDIS_URL": f"unix://{folder / 'valkey.sock'}",
            "DATABASE_URL": f"sqlite:///{folder / 'visio.sqlite3'}",
            **settings,
        }
        self.output = folder.parent / f"{folder.name}.out"
        with self.output.open("wb") as output:
            command = [sys.executable, "manage.py", "up"]
            self.process = subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def text(self) -> str:
        """Give what `up` printed."""
        return self.output.read_text(encoding="utf-8")

    def wait_ready(self) -> str:
        """Wait until `up` says that it is ready; give the address it names."""
        wait_until(lambda: READY in self.text() or self.process.poll() is not None, "up is ready", seconds=60)
        found = re.search(f"{READY}(\\S+)", self.text())
        assert found, self.text()
        return found[1]

    def programs(self) -> dict[str, int]:
        """Give the process numbers of everything this installation runs, by role."""
        found: dict[str, int] = {}
        for number in sorted(_pids()):  # the worker comes before the beat that it starts
            command = _read(number, "cmdline")
            if number != self.process.pid and self._is_mine(number, command):
                found[_role(command.split(b"\0"), found)] = number
        return found

    def _is_mine(self, number: int, command: bytes) -> bool:
        socket = f"unixsocket:{self.folder}/".encode()  # Valkey writes its title over its environment
        return socket in command or f"DATA_DIR={self.folder}".encode() in _read(number, "environ").split(b"\0")

    def stop(self) -> int:
        """Press Ctrl-C; give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it ended meanwhile
        return b""


def _role(command: list[bytes], taken: dict[str, int]) -> str:
    marks = {b"visio.media": "media", b"celery": "worker", b"web": "web", b"provider.mjs": "provider"}
    role = next((name for mark, name in marks.items() if any(word.endswith(mark) for word in command)), "valkey")
    return "worker-beat" if role == "worker" and role in taken else role
