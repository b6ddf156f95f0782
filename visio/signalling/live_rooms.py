"""What the administration's live pages show of the workers' descriptions: plain values, and no address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from livekit.protocol import models

from visio.wire import Heartbeat

Described = dict[str, Any]
PERSONAL = frozenset({"name", "identity", "address", "title"})
"""What a report for support leaves out; participants keep their sids."""


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One room in the list of rooms in progress."""

    key: str
    title: str
    people: int
    hidden: int
    sounds: int
    pictures: int
    worker: str


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """One media worker; without `answer` it has a heartbeat and does not describe itself."""

    beat: Heartbeat
    answers: bool
    resident_bytes: int = 0
    loop_lag_ms: float = 0.0


def workers(survey: list[tuple[Heartbeat, Described | None]]) -> list[WorkerLine]:
    """Give a line for each worker."""
    return [
        WorkerLine(beat, True, said.get("rss_bytes", 0), said.get("loop_lag_ms", 0.0))
        if said is not None
        else WorkerLine(beat, False)
        for beat, said in survey
    ]


def rooms(survey: list[tuple[Heartbeat, Described | None]]) -> list[RoomLine]:
    """Give a line for each room of all workers, the largest first."""
    lines = [_room(room, beat.id) for beat, said in survey if said is not None for room in said["rooms"]]
    return sorted(lines, key=lambda line: (-line.people, line.title, line.key))


def _room(room: Described, worker: str) -> RoomLine:
    people = room["participants"]
    kinds = Counter(kind for who in people for kind in who.get("kinds", ()))
    hidden = sum(bool(who.get("hidden")) for who in people)
    return RoomLine(
        room["name"], room.get("title", ""), len(people) - hidden, hidden, kinds["audio"], kinds["video"], worker
    )


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One layer of a published track."""

    rid: str
    bps: int
    lost: int
    packets: int
    listeners: int


@dataclass(frozen=True, slots=True)
class TrackLine:
    """One published track; without layers nothing has arrived."""

    sid: str
    source: str
    muted: bool
    codec: str
    layers: list[LayerLine]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One participant."""

    sid: str
    name: str
    state: str
    quality: str
    hidden: bool
    has_socket: bool
    client: str
    single: bool
    ways: list[str]
    tracks: list[TrackLine]
    received_tracks: int
    starved: int
    loss: float
    rtt_ms: int | None
    queue_ms: int
    estimate_bps: int | None
    bytes_in: int
    bytes_out: int


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One track that a participant is to get."""

    publisher: str
    source: str
    state: str
    layer: str
    packets: int
    bytes: int
    lost: int
    resent: int
    loss: float
    rtt_ms: int | None


def people(room: Described) -> list[PersonLine]:
    """Give a line for each participant of a room."""
    return [_person(who) for who in room["participants"]]


def _person(who: Described) -> PersonLine:
    connections = who.get("connections", [])
    received, flows = who.get("received", {}), [one["flows"] for one in connections]
    paths = [one["congestion"] for one in connections]
    estimates = [path["estimate_bps"] for path in paths if path["estimate_bps"] is not None]
    times = [time for time in (*(path["rtt_ms"] for path in paths), received.get("rtt_ms")) if time is not None]
    return PersonLine(
        sid=who["sid"],
        name=who.get("name", ""),
        state=who["state"],
        quality=who.get("quality", ""),
        hidden=bool(who.get("hidden")),
        has_socket=bool(who.get("socket")),
        client=who.get("client", ""),
        single=bool(who.get("single")),
        ways=sorted({one["way"] for one in connections}),
        tracks=[_track(track) for track in who.get("tracks", [])],
        received_tracks=received.get("tracks", 0),
        starved=received.get("starved", 0),
        loss=received.get("loss", 0.0),
        rtt_ms=max(times, default=None),
        queue_ms=max((path["queue_ms"] for path in paths), default=0),
        estimate_bps=max(estimates, default=None),
        bytes_in=_bytes(flows, "in"),
        bytes_out=_bytes(flows, "out"),
    )


def _bytes(flows: list[Described], direction: str) -> int:
    return sum(flow["bytes"] for one in flows for name, flow in one.items() if name.endswith(f"_{direction}"))


def _track(track: Described) -> TrackLine:
    media = track.get("media") or {}
    layers = [
        LayerLine(one["rid"], one["bps"], one["given_up"], one["packets"], one["listeners"])
        for one in media.get("layers", [])
    ]
    codec = str(media.get("codec", "")).rpartition("/")[2]
    return TrackLine(track["sid"], source(track["source"]), bool(track["muted"]), codec, layers)


def source(number: int) -> str:
    """Name a `livekit.TrackSource`; what is not known is `unknown`."""
    return str(models.TrackSource.Name(number)).lower() if number in models.TrackSource.values() else "unknown"


def subscriptions(room: Described, participant: str) -> list[SubscriptionLine]:
    """Give what the participant with this sid is to get; nothing when it is not there."""
    names: dict[str, str] = {who["sid"]: who.get("name") or who["sid"] for who in room["participants"]}
    found = [who for who in room["participants"] if who["sid"] == participant]
    return [_subscription(item, names) for who in found for item in who.get("subscriptions", [])]


def _subscription(item: Described, names: dict[str, str]) -> SubscriptionLine:
    media = item.get("media") or {}
    return SubscriptionLine(
        publisher=names.get(str(item["publisher"]), str(item["publisher"])),
        source=source(item["source"]),
        state=_state(item, media),
        layer=media.get("layer") or "",
        packets=media.get("packets", 0),
        bytes=media.get("bytes", 0),
        lost=media.get("lost", 0),
        resent=media.get("resent", 0),
        loss=media.get("fraction_lost", 0.0),
        rtt_ms=media.get("rtt_ms"),
    )


def _state(item: Described, media: Described) -> str:
    """Say why a track is sent or not."""
    if not item["active"]:
        return "unwanted"
    if not media:
        return "negotiating"
    if media.get("starved"):
        return "starved"
    return "paused" if item["disabled"] or media.get("paused") else "sent"


def for_support(described: Any) -> Any:
    """Give a description without names, identities and addresses."""
    if isinstance(described, dict):
        return {key: for_support(value) for key, value in described.items() if key not in PERSONAL or _is_key(value)}
    return [for_support(item) for item in described] if isinstance(described, list) else described


def _is_key(value: object) -> bool:
    return isinstance(value, dict | list)
