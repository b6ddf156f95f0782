"""What signalling adds to the web role's metrics: sockets, joins, and what the media workers say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.conf import settings
from prometheus_client import REGISTRY, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis, RedisError

from visio import wire
from visio.signalling.registry import VALKEY_TIMEOUT_S
from visio.wire import Heartbeat

SOCKETS = Gauge("visio_web_sockets", "Open signalling sockets.")
JOINS = Counter("visio_web_joins", "Sockets let in.")
REFUSALS = Counter("visio_web_joins_refused", "Sockets refused, by the code in the log.", ("code",))
DEAD_WORKERS = Counter("visio_web_dead_workers", "Media workers found dead.")
SAID = ("rooms", "participants", "load", "packets_per_s", "draining")


class Workers(Collector):
    """Reads the heartbeats when somebody asks."""

    def collect(self) -> Iterator[Metric]:
        """Give one gauge for each thing that heartbeats say, by worker."""
        try:
            beats, up = heartbeats(), 1
        except (RedisError, OSError):
            beats, up = [], 0
        yield GaugeMetricFamily("visio_web_valkey_up", "1 when Valkey answers this process.", up)
        for name in SAID:
            family = GaugeMetricFamily(f"visio_worker_{name}", f"Heartbeat: {name}.", labels=("worker",))
            for beat in beats:
                family.add_metric((beat.id,), float(getattr(beat, name)))
            yield family

    def describe(self) -> Iterable[Metric]:
        """Name nothing in advance, so that a start needs no Valkey."""
        return ()


def heartbeats() -> list[Heartbeat]:
    """Give the living workers, for sync code. Raise `RedisError` or `OSError` when Valkey is away."""
    options = {"socket_timeout": VALKEY_TIMEOUT_S, "socket_connect_timeout": VALKEY_TIMEOUT_S}
    with Redis.from_url(settings.REDIS_URL, decode_responses=True, **options) as connection:
        names = sorted(cast(set[str], connection.smembers(wire.workers_key(settings.REDIS_PREFIX))))
        keys = [wire.worker_key(settings.REDIS_PREFIX, name) for name in names]
        beats = cast(list[str | None], connection.mget(keys)) if keys else []
    return [Heartbeat.from_json(beat) for beat in beats if beat]


def register() -> None:
    """Add the media workers to the web role's metrics."""
    REGISTRY.register(Workers())
