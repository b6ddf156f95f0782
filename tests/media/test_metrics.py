"""The metrics of a worker: what they count, that they only grow, and what they do not tell."""

from __future__ import annotations

import math

from prometheus_client.parser import text_string_to_metric_families

from tests.media.hall import Hall
from visio import wire
from visio.media import census, metrics
from visio.media.histogram import Histogram
from visio.media.loop_lag import LoopLag
from visio.media.participant import Reason


def read(hall: Hall, lag: LoopLag | None = None) -> dict[str, float]:
    """Give every sample of a worker's page, by name and labels."""
    rooms = hall.rooms.rooms.values()
    reading = metrics.Reading(
        heartbeat=wire.Heartbeat("0-abc", len(rooms), load=0.5, packets_per_s=1000),
        ledger=census.ledger(hall.rooms.ledger, rooms),
        sockets=hall.mux.describe(),
        lag=lag or LoopLag(),
        gauges={"valkey_away": 0},
        tracks=census.tracks(rooms),
        paths=census.ways(rooms),
        qualities=census.qualities(rooms),
        reports_dropped=2,
    )
    page = metrics.text(reading).decode()
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


async def test_it_works() -> None:
    hall = Hall()
    hall.enter("alice")
    hall.enter("bob", single=True)
    said = read(hall)
    assert said["visio_media_rooms"] == 1
    assert said["visio_media_joins_total"] == 2
    assert said["visio_media_connections none"] == 2
    assert said["visio_media_cpu_seconds_per_packet"] == 0.0005
    assert said["visio_media_reports_dropped_total"] == 2
    assert said["process_open_fds"] > 0
    assert said["visio_media_packets_total in audio"] == 0


async def test_who_left_is_counted() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    peer = alice.participant.peers()[0]
    peer.transport.counters["srtp_refused"] = 3
    peer.up.receive_rtp(b"\x80", 0.0)
    before = read(hall)
    hall.rooms.close("room", Reason.ROOM_DELETED)
    await hall.done()
    after = read(hall)
    for said in (before, after):
        assert said["visio_media_packets_refused_total srtp_refused"] == 3
        assert said["visio_media_packets_refused_total malformed"] == 1
    assert after["visio_media_departures_total room_deleted"] == 1
    assert after["visio_media_connections none"] == 0
    assert hall.rooms.ledger.troubles["srtp_refused"] == 3


async def test_reading_twice_counts_once() -> None:
    hall = Hall()
    alice = hall.enter("alice")
    alice.participant.peers()[0].transport.counters["early"] = 1
    assert read(hall) | {"process_cpu_seconds_total": 0} == read(hall) | {"process_cpu_seconds_total": 0}


async def test_refusals_are_there_from_the_start() -> None:
    said = read(Hall())
    assert all(said[f"visio_media_packets_refused_total {reason}"] == 0 for reason in metrics.REFUSALS)


async def test_it_names_nobody() -> None:
    hall = Hall()
    hall.enter("alice@example.org", name="Alice A.")
    assert not any("alice" in name.lower() or "room " in name.lower() for name in read(hall))


async def test_refused_data_is_counted_after_the_room_ended() -> None:
    hall = Hall()
    hall.enter("alice")
    hall.rooms.rooms["room"].counters["data refused: too large"] += 1
    hall.rooms.close("room", Reason.ROOM_DELETED)
    await hall.done()
    assert read(hall)["visio_media_data_messages_refused_total data_refused:_too_large"] == 1


def test_the_lag_is_a_histogram_and_a_peak_that_fades() -> None:
    lag = LoopLag()
    for late_s in (0.0005, 0.3, -0.1):
        lag.add(late_s)
    assert dict(lag.histogram.buckets)[0.001] == 2
    assert dict(lag.histogram.buckets)[math.inf] == 3
    assert 0.2 < lag.recent_s < 0.3
    for _ in range(200):
        lag.add(0.0)
    assert lag.recent_s < 0.01


def test_a_bound_belongs_to_its_bucket() -> None:
    histogram = Histogram((1.0, 2.0))
    histogram.add(1.0)
    histogram.add(2.5)
    assert histogram.buckets == [(1.0, 1), (2.0, 1), (math.inf, 2)]
    assert histogram.total == 3.5
