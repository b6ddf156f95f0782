"""A worker's metrics in Prometheus' text format; no label names a room or a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from livekit.protocol import models
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from visio import wire
from visio.media.histogram import Histogram
from visio.media.ledger import Ledger
from visio.media.loop_lag import LoopLag

SOCKETS = ("owners", "paths", "connections")
"""What the sockets hold, in the mux's description; everything else there is a counter."""
REFUSALS = ("unknown_sender", "stun_ignored", "stun_refused", "srtp_refused", "tcp_refused", "early", "unbound")
"""Named from the first scrape on, so that the first refusal is seen as a rise."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worker is and has done, at one moment. `gauges` and `qualities` are counts of now."""

    heartbeat: wire.Heartbeat
    ledger: Ledger
    sockets: Mapping[str, int]
    lag: LoopLag
    gauges: Mapping[str, float]
    tracks: Mapping[str, int]
    paths: Mapping[str, int]
    qualities: Mapping[str, int]
    reports_dropped: int


def text(reading: Reading) -> bytes:
    """Give the page that Prometheus reads."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Page(reading))
    return generate_latest(registry)


class _Page(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[Metric]:
        yield from _now(self._reading)
        yield from _carried(self._reading.ledger)
        yield from _refused(self._reading)
        yield from _coming_and_going(self._reading.ledger)
        yield _histogram("visio_media_loop_lag_seconds", "How late the event loop is.", self._reading.lag.histogram)


def _now(reading: Reading) -> Iterator[Metric]:
    beat = reading.heartbeat
    yield InfoMetricFamily("visio_media_worker", "This worker's name in the registry.", {"worker": beat.id})
    for name, purpose, value in (
        ("rooms", "Rooms with somebody in them.", beat.rooms),
        ("participants", "People in them.", beat.participants),
        ("draining", "1 when the worker takes no new rooms.", int(beat.draining)),
        ("load_ratio", "Share of one core in use, smoothed over seconds.", beat.load),
        ("packets_per_second", "Media packets received and sent, smoothed.", beat.packets_per_s),
        ("cpu_seconds_per_packet", "CPU over media packets received and sent.", _cost(beat)),
        ("loop_lag_recent_seconds", "Worst lag of the event loop in the last seconds.", reading.lag.recent_s),
    ):
        yield GaugeMetricFamily(f"visio_media_{name}", purpose, value)
    for name, value in reading.gauges.items():
        yield GaugeMetricFamily(f"visio_media_{name}", name.replace("_", " ").capitalize() + ".", value)
    yield _gauges("tracks", "Published tracks.", "kind", reading.tracks)
    yield _gauges("connections", "Peer connections by the way to the peer.", "path", reading.paths)
    yield _gauges("participants_by_quality", "People by the quality of their connection.", "quality", reading.qualities)


def _cost(beat: wire.Heartbeat) -> float:
    return beat.load / beat.packets_per_s if beat.packets_per_s else 0.0


def _carried(ledger: Ledger) -> Iterator[Metric]:
    labels = ("direction", "kind")
    packets = CounterMetricFamily("visio_media_packets", "Media packets, without those sent again.", labels=labels)
    octets = CounterMetricFamily("visio_media_bytes", "Bytes of their payloads.", labels=labels)
    lost = CounterMetricFamily(
        "visio_media_packets_lost", "Lost for good: on the way here, or as subscribers report.", labels=labels
    )
    repaired = CounterMetricFamily("visio_media_packets_repaired", "Came or went after a request.", labels=labels)
    for direction, kind, flow in ledger.flows:
        packets.add_metric((direction, kind), flow.packets)
        octets.add_metric((direction, kind), flow.octets)
        lost.add_metric((direction, kind), flow.lost)
        repaired.add_metric((direction, kind), flow.repaired)
    yield from (packets, octets, lost, repaired)
    yield _feedback("nacked_packets", "Packets asked for again.", "nacks", ledger)
    yield _feedback("key_frame_requests", "Key frames asked for (PLI, FIR).", "plis", ledger)


def _feedback(name: str, purpose: str, what: str, ledger: Ledger) -> Metric:
    family = CounterMetricFamily(f"visio_media_{name}", purpose, labels=("direction",))
    for direction in ("sent", "received"):
        family.add_metric((direction,), ledger.feedback[f"{what}_{direction}"])
    return family


def _refused(reading: Reading) -> Iterator[Metric]:
    counted = {name: count for name, count in reading.sockets.items() if name not in SOCKETS}
    refused = {**dict.fromkeys(REFUSALS, 0), **counted}
    for name, count in reading.ledger.troubles.items():
        refused[name] = refused.get(name, 0) + count
    yield _counters("packets_refused", "Packets and datagrams dropped, by reason.", "reason", refused)
    yield _counters("data_messages_refused", "Data messages dropped, by reason.", "reason", reading.ledger.data)
    yield CounterMetricFamily(
        "visio_media_reports_dropped", "Reports to web lost while Valkey was away.", reading.reports_dropped
    )


def _coming_and_going(ledger: Ledger) -> Iterator[Metric]:
    yield CounterMetricFamily("visio_media_joins", "Participants who came.", ledger.joins)
    left = {models.DisconnectReason.Name(reason).lower(): count for reason, count in ledger.departures.items()}
    yield _counters("departures", "Participants who left, by reason.", "reason", left)
    yield _histogram("visio_media_join_seconds", "From the join to media that can flow.", ledger.join_s)


def _gauges(name: str, purpose: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"visio_media_{name}", purpose, labels=(label,))
    for value, count in values.items():
        family.add_metric((value,), count)
    return family


def _counters(name: str, purpose: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"visio_media_{name}", purpose, labels=(label,))
    for value, count in _sorted(values):
        family.add_metric((value,), count)
    return family


def _sorted(values: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted((name.replace(" ", "_"), count) for name, count in values.items())


def _histogram(name: str, purpose: str, histogram: Histogram) -> Metric:
    buckets = [(_bound(bound), float(count)) for bound, count in histogram.buckets]
    return HistogramMetricFamily(name, purpose, buckets=buckets, sum_value=histogram.total)


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)
