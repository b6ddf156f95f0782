"""Tests in a network of their own, made for one test and gone with it: other addresses, blocked ports, lost links.

@in_network("link add here type veth peer name there", "address add 10.9.1.1/24 dev here", …)
def test_…
"""

from __future__ import annotations

import functools
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

INSIDE = "VISIO_TEST_NETWORK"
BORROWED = ("TEST_DATABASE_URL", "TEST_REDIS_URL")
"""Servers that cannot be reached from inside."""
PATIENCE_S = 480

HERE, ELSEWHERE = "10.9.1.1", "10.9.2.1"
"""Two networks of the clients' device."""
SERVER, RELAY = "10.9.0.1", "10.9.0.2"
DEVICE = (
    "link add here type veth peer name far",
    "link add elsewhere type veth peer name farther",
    *(f"link set {name} up" for name in ("here", "far", "elsewhere", "farther")),
    f"address add {HERE}/24 dev here",
    f"address add {ELSEWHERE}/24 dev elsewhere",
    # libwebrtc does not look at the loopback interface, so these are the servers' alone.
    f"address add {SERVER}/32 dev lo",
    f"address add {RELAY}/32 dev lo",
    "route add default dev here",
)
"""A device with two networks, from which a media worker and a relay can be reached."""
RULES = ("rule add pref 100 lookup local", "rule delete pref 0")
"""Lets rules with a lower number come before the table of this machine's own addresses."""

P = ParamSpec("P")
R = TypeVar("R")


def in_network(*commands: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a test in a network namespace with only loopback, after the `ip` commands; the servers are started inside."""

    def decorate(test: Callable[P, R]) -> Callable[P, R]:
        if INSIDE in os.environ:
            return _prepared(test, commands)
        return _sent(test)

    return decorate


def ip(command: str) -> None:
    """Change the network; see ip(8)."""
    subprocess.run(["ip", *command.split()], check=True)


def _prepared(test: Callable[P, R], commands: Sequence[str]) -> Callable[P, R]:
    @functools.wraps(test)
    def run(*given: P.args, **named: P.kwargs) -> R:
        for command in ("link set lo up", *commands):
            ip(command)
        return test(*given, **named)

    return _same_kind(test, run)


def _sent(test: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(test)
    def run(*_given: P.args, **_named: P.kwargs) -> R:
        _run_inside(os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0])
        return None  # type: ignore[return-value]  # tests give nothing

    return _same_kind(test, run)


def _same_kind(test: Callable[..., Any], run: Callable[P, R]) -> Callable[P, R]:
    """Give `run` as a coroutine function when `test` is one, so that pytest treats both alike."""
    if not inspect.iscoroutinefunction(test):
        return run

    @functools.wraps(test)
    async def run_and_wait(*given: P.args, **named: P.kwargs) -> Any:
        result: Any = run(*given, **named)
        return await result if inspect.isawaitable(result) else result

    return run_and_wait  # type: ignore[return-value]


def _run_inside(test: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in BORROWED} | {INSIDE: "1"}
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "pytest", "-q", test]
    done = subprocess.run(  # noqa: PLW1510  (the output is the explanation)
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stdout
