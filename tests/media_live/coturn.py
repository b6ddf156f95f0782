"""A real coturn with the configuration that we hand out, on addresses and ports of a test."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sqlite3
import subprocess
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from suite.operations.lan import keep_certificate
from suite.operations.lifeline import die_with
from tests.stack import ROOT, STOP_S, wait_until

CONFIGURATION = ROOT / "deploy" / "coturn" / "turnserver.conf"
SCHEMA = Path("/usr/share/coturn/schema.sql")


class Coturn:
    """A context manager; `settings` are for the installation that hands it out."""

    def __init__(self, folder: Path, address: str, peers: list[str], transports: tuple[str, ...] = ("udp",)) -> None:
        self.folder, self.address = folder, address
        self.secret = secrets.token_hex(16)
        self._peers = peers
        addresses = {
            "udp": f"turn:{address}:3478?transport=udp",
            "tcp": f"turn:{address}:3478?transport=tcp",
            "tls": f"turns:{address}:443?transport=tcp",
        }
        self.settings = {"TURN_URLS": ",".join(addresses[one] for one in transports), "TURN_SECRET": self.secret}

    def __enter__(self) -> Self:
        certificate, key = self.folder / "relay.pem", self.folder / "relay-key.pem"
        keep_certificate(certificate, key, [self.address])
        # As the package does it: threads of coturn that make the tables at the same time lock each other out.
        with contextlib.closing(sqlite3.connect(self.folder / "turndb")) as database:
            database.executescript(SCHEMA.read_text(encoding="ascii"))
        command = [
            "turnserver",
            *("-c", str(CONFIGURATION)),
            f"--listening-ip={self.address}",
            f"--relay-ip={self.address}",
            f"--static-auth-secret={self.secret}",
            f"--cert={certificate}",
            f"--pkey={key}",
            f"--userdb={self.folder / 'turndb'}",
            f"--pidfile={self.folder / 'turnserver.pid'}",
            "--verbose",
            *(f"--allowed-peer-ip={peer}" for peer in self._peers),
        ]
        with open(self.folder / "turnserver.log", "ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (it makes two system calls, no more)
            )
        wait_until(self._answers, "coturn listens")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(STOP_S)

    def log(self) -> str:
        """Give what it wrote."""
        return (self.folder / "turnserver.log").read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log()
        try:
            with socket.create_connection((self.address, 443), 1), socket.create_connection((self.address, 3478), 1):
                return True
        except OSError:
            return False
