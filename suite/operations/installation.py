"""The programs of one machine, as the settings ask for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from django.conf import settings

from suite.operations import ports, probes, roles, valkey
from suite.operations.children import Program
from suite.operations.ports import Need

LOGS = settings.DATA_DIR / "logs"
MEDIA_END_S = 5
"""For a media worker to say its last words when its rooms have moved; without another worker it does so at once."""


def is_embedded() -> bool:
    """Tell whether Valkey is ours to start: REDIS_URL names the socket in the data folder."""
    return bool(f"unix://{settings.VALKEY_SOCKET}" == settings.REDIS_URL)


def needs() -> list[Need]:
    """List the ports that this installation will listen on."""
    found = [_web_port()]
    if settings.DEMO_OIDC:
        found.append(Need("TCP", settings.LISTEN_HOST, settings.DEMO_OIDC_PORT, "DEMO_OIDC_PORT"))
    for index in range(settings.MEDIA_WORKERS):
        found.append(Need("UDP", settings.MEDIA_BIND, settings.MEDIA_UDP_PORT + 2 * index, "MEDIA_UDP_PORT"))
        found.append(Need("TCP", settings.MEDIA_BIND, settings.MEDIA_TCP_PORT + 2 * index, "MEDIA_TCP_PORT"))
        if settings.MEDIA_METRICS_PORT:
            port = settings.MEDIA_METRICS_PORT + index
            found.append(Need("TCP", settings.MEDIA_METRICS_HOST, port, "MEDIA_METRICS_PORT"))
    return found


def steps() -> list[list[Program]]:
    """List the programs in the order of their start: what others need first, the slow ones after web serves."""
    last = [*(_media(index) for index in range(settings.MEDIA_WORKERS)), _worker()]
    if settings.DEMO_OIDC:
        last.append(_provider())
    return [*([[_valkey()]] if is_embedded() else []), [_web()], last]


def _reached(listening: str) -> str:
    """Give the address under which this machine itself reaches what listens on `listening`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listening, listening)  # noqa: S104


def _run(role: str, *options: str) -> Sequence[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "run", role, *options]


def _valkey() -> Program:
    command = valkey.command(Path(settings.VALKEY_SOCKET))
    return Program("valkey", command, roles.environment(), partial(probes.valkey_answers, settings.REDIS_URL))


def _web_port() -> Need:
    return Need("TCP", settings.LISTEN_HOST, settings.PORT, "PORT")


def _web() -> Program:
    # Twisted takes over sockets for plain HTTP only, and wants to be told of IPv6.
    held = () if settings.TLS_CERTIFICATE or ":" in settings.LISTEN_HOST else (ports.listen(_web_port()),)
    options = [option for one in held for option in ("--socket", str(one.fileno()))]
    serves = partial(
        probes.answers_http,
        _reached(settings.LISTEN_HOST),
        settings.PORT,
        "/__lbheartbeat__",
        tls=settings.TLS_CERTIFICATE is not None,
    )
    return Program("web", _run("web", *options), roles.environment(), serves, held)


def _media(index: int) -> Program:
    # Unlike the web role, a media worker listens in both families when it is asked for `::`.
    reached = "127.0.0.1" if settings.MEDIA_BIND == "::" else _reached(settings.MEDIA_BIND)
    serves = partial(probes.listens, reached, settings.MEDIA_TCP_PORT + 2 * index)
    patience_s = settings.MEDIA_DRAIN_S + MEDIA_END_S
    command = roles.media_command(index)
    return Program(f"media-{index}", command, roles.environment(), serves, ends_within_s=patience_s)


def _worker() -> Program:
    serves = partial(probes.has_written, LOGS / "worker.log", "ready.")
    return Program("worker", roles.worker_command(beat=True), roles.environment(), serves)


def _provider() -> Program:
    path = "/.well-known/openid-configuration"
    tls = settings.TLS_CERTIFICATE is not None
    serves = partial(probes.answers_http, _reached(settings.LISTEN_HOST), settings.DEMO_OIDC_PORT, path, tls=tls)
    return Program("provider", roles.provider_command(), roles.provider_environment(), serves)
