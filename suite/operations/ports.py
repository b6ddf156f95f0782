"""The ports that Visio needs: which of them another program holds, and the one that is kept open for the web role."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

QUEUE = 1024
"""Connections that wait while the web role restarts; the kernel's own limit (net.core.somaxconn) may be lower."""
HIGHEST = 65_535


class PortError(Exception):
    """A port cannot be had; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Need:
    """A port that a program will listen on, and the setting that changes it."""

    protocol: Literal["TCP", "UDP"]
    host: str
    port: int
    setting: str


def check(needs: Iterable[Need]) -> None:
    """Try every port. Raise `PortError` for the first that cannot be had."""
    wanted: dict[tuple[str, int], Need] = {}
    for need in needs:
        if need.port > HIGHEST:
            raise PortError(f"{need.setting} is too high: the last program would need port {need.port}.")
        other = wanted.setdefault((need.protocol, need.port), need)
        if other is not need:
            what = f"{need.protocol} port {need.port}"
            raise PortError(f"{what} is wanted twice, by {other.setting} and by {need.setting}: change one of them.")
        _try(need)


def listen(need: Need) -> socket.socket:
    """Open a TCP port that outlives the process serving on it: who connects while that restarts waits in the queue.

    Raise `PortError` when it cannot be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((need.host, need.port))
        listener.listen(QUEUE)
    except OSError as error:
        listener.close()
        raise PortError(_sentence(need, error)) from error
    return listener


def _try(need: Need) -> None:
    kind = socket.SOCK_STREAM if need.protocol == "TCP" else socket.SOCK_DGRAM
    for host in _hosts(need.host):
        _bind(need, host, kind)


def _hosts(host: str) -> list[str]:
    """Give what a wildcard for both families stands for; where there is no IPv6, IPv4 is left."""
    if host != "::":
        return [host]
    return ["0.0.0.0", *(["::"] if Path("/proc/net/if_inet6").is_file() else [])]  # noqa: S104


def _bind(need: Need, host: str, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        if ":" in host:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if need.protocol == "TCP":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, need.port))
        except OSError as error:
            raise PortError(_sentence(need, error)) from error


def _sentence(need: Need, error: OSError) -> str:
    what = f"{need.protocol} port {need.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{what} is in use: stop the program that holds it, or choose another with {need.setting}."
    if error.errno == errno.EACCES:
        return f"{what} is reserved for root: choose one above 1023 with {need.setting}."
    host_setting = "MEDIA_BIND" if need.setting.startswith("MEDIA_") else "LISTEN_HOST"
    return f"{what} on {need.host} cannot be had ({error.strerror}): check {host_setting} and {need.setting}."
