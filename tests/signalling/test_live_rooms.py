"""What the live page makes of the workers' descriptions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from visio.signalling import live_rooms
from visio.wire import Heartbeat

FLOWS = {
    "audio_in": {"packets": 1, "bytes": 10, "lost": 0},
    "audio_out": {"packets": 1, "bytes": 20, "lost": 0},
    "video_in": {"packets": 1, "bytes": 300, "lost": 0},
    "video_out": {"packets": 1, "bytes": 400, "lost": 0},
}


def path(rtt_ms: int | None = None, estimate_bps: int | None = None) -> dict[str, Any]:
    """Give a connection as a worker describes it."""
    return {
        "state": "connected",
        "way": "udp",
        "congestion": {"rtt_ms": rtt_ms, "estimate_bps": estimate_bps, "queue_ms": 3},
        "flows": FLOWS,
    }


def person(sid: str = "PA_1", **more: Any) -> dict[str, Any]:
    """Give a participant as a worker describes it."""
    received = {"tracks": 2, "starved": 0, "loss": 0.01, "rtt_ms": 8}
    return {
        "sid": sid,
        "identity": "alice@example.org",
        "name": "Alice",
        "state": "ACTIVE",
        "received": received,
        "connections": [path(40, 900_000), path()],
        **more,
    }


def test_a_person_is_summed_up() -> None:
    (line,) = live_rooms.people({"participants": [person()]})
    assert (line.bytes_in, line.bytes_out) == (620, 840)
    assert (line.rtt_ms, line.estimate_bps, line.queue_ms, line.ways) == (40, 900_000, 3, ["udp"])


def test_a_person_without_connection() -> None:
    (line,) = live_rooms.people({"participants": [person(connections=[], received={})]})
    assert (line.rtt_ms, line.estimate_bps, line.bytes_in, line.received_tracks) == (None, None, 0, 0)


@pytest.mark.parametrize(
    ("item", "media", "state"),
    [
        ({"active": False}, None, "unwanted"),
        ({}, None, "negotiating"),
        ({}, {"starved": True, "paused": False}, "starved"),
        ({"disabled": True}, {"packets": 1}, "paused"),
        ({}, {"paused": True}, "paused"),
        ({}, {"packets": 1}, "sent"),
    ],
)
def test_the_state_of_a_subscription(item: dict[str, Any], media: dict[str, Any] | None, state: str) -> None:
    told = {"active": True, "disabled": False, "publisher": "PA_2", "source": 1, "media": media, **item}
    room = {"participants": [person(subscriptions=[told]), person("PA_2", name="Bob")]}
    (line,) = live_rooms.subscriptions(room, "PA_1")
    assert (line.state, line.publisher, line.source) == (state, "Bob", "camera")
    assert live_rooms.subscriptions(room, "PA_3") == []


def test_rooms_come_with_the_largest_first() -> None:
    small = {"name": "a", "participants": [{"sid": "1", "kinds": ["audio"]}]}
    large = {"name": "b", "participants": [{"sid": "1"}, {"sid": "2"}, {"sid": "3", "hidden": True}]}
    survey: list[tuple[Heartbeat, dict[str, Any] | None]] = [
        (Heartbeat("0-x"), {"rooms": [small]}),
        (Heartbeat("1-x"), {"rooms": [large]}),
        (Heartbeat("2-x"), None),
    ]
    assert [(line.key, line.people, line.hidden) for line in live_rooms.rooms(survey)] == [("b", 2, 1), ("a", 1, 0)]
    assert [line.answers for line in live_rooms.workers(survey)] == [True, True, False]


def test_a_report_names_nobody() -> None:
    peer = {"transport": {"address": "192.0.2.7:4000", "state": "connected"}}
    room = {"name": "key", "title": "Council", "participants": [person(peers=[peer])]}
    told = json.dumps(live_rooms.for_support(room))
    assert not any(word in told for word in ("Alice", "alice", "192.0.2.7", "Council"))
    assert "PA_1" in told
    assert "connected" in told


def test_an_unknown_source() -> None:
    assert live_rooms.source(99) == "unknown"
