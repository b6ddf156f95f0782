"""Rooms and workers described in JSON, for tests, support and the administration's live page."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from livekit.protocol import models

from visio import wire
from visio.media import quality
from visio.media.census import GRADES
from visio.media.flows import Flows
from visio.media.participant import Participant
from visio.media.peer import Peer
from visio.media.publication import Publication
from visio.media.room import Room
from visio.media.rooms import Rooms
from visio.media.subscription import Subscription

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


async def dump(rooms: Rooms, order: wire.Dump, worker: dict[str, Any]) -> str:
    """Describe one room ({} when it is not here) or, without a name, the worker with all its rooms.

    Packets get their turn after each participant: the description of a large room takes long.
    """
    if order.room:
        found = rooms.rooms.get(order.room)
        return json.dumps(await _room(found, order) if found is not None else {})
    described = [await _room(room, order) for room in list(rooms.rooms.values())]
    return json.dumps({**worker, **_process(), "rooms": described})


def _process() -> dict[str, int]:
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "rss_bytes": resident * PAGE_BYTES,
        "fds": len(os.listdir("/proc/self/fd")),
        "tasks": len(asyncio.all_tasks()),
    }


async def _room(room: Room, order: wire.Dump) -> dict[str, Any]:
    people = []
    for who in list(room.participants.values()):
        people.append(_brief(who) if order.detail == "brief" else _participant(who, order))
        await asyncio.sleep(0)
    return {
        "name": room.name,
        "sid": room.sid,
        "title": room.title,
        "counters": dict(room.counters),
        "participants": people,
    }


def _brief(who: Participant) -> dict[str, Any]:
    return {
        "session": who.session,
        "sid": who.sid,
        "state": who.state.name,
        "hidden": who.grant.hidden,
        "grant": who.grant.digest(),
        "kinds": [item.kind for item in who.publishing],
    }


def _participant(who: Participant, order: wire.Dump) -> dict[str, Any]:
    described = {
        "session": who.session,
        "sid": who.sid,
        "identity": who.identity,
        "name": who.name,
        "state": who.state.name,
        "single": who.single,
        "hidden": who.grant.hidden,
        "socket": who.lost_at is None,
        "quality": GRADES[quality.rate(who)],
        "client": _client(who.client),
        "tracks": [_publication(item) for item in who.publishing],
        "received": _received(who),
        "connections": [_connection(peer) for peer in who.peers()],
    }
    if order.detail == "full" or who.sid == order.participant:
        described["subscriptions"] = [_subscription(item) for item in who.subscriptions.values()]
        described["peers"] = [
            {"transport": peer.transport.describe(), "up": peer.up.dump(), "down": peer.down.dump()}
            for peer in who.peers()
        ]
    return described


def _client(info: models.ClientInfo) -> str:
    known = info.sdk in models.ClientInfo.SDK.values()
    name = models.ClientInfo.SDK.Name(info.sdk).lower() if known else str(info.sdk)
    return f"{name} {info.version} {info.browser}".strip()[:60]


def _received(who: Participant) -> dict[str, Any]:
    """Sum up what a participant gets of the others."""
    downs = [item.down for item in who.subscriptions.values() if item.down is not None]
    sent = [down for down in downs if down.packets]
    return {
        "tracks": len(downs),
        "starved": sum(down.starved for down in downs),
        "loss": round(sum(down.fraction_lost for down in sent) / 256 / len(sent), 3) if sent else 0.0,
        "rtt_ms": max((round(down.rtt_s * 1000) for down in downs if down.rtt_s is not None), default=None),
    }


def _connection(peer: Peer) -> dict[str, Any]:
    flows = Flows()
    peer.up.count(flows)
    peer.down.count(flows)
    return {
        "state": peer.transport.state.value,
        "way": peer.transport.way,
        "congestion": peer.down.congestion.dump(),
        "flows": {
            f"{kind}_{direction}": {"packets": flow.packets, "bytes": flow.octets, "lost": flow.lost}
            for direction, kind, flow in flows
        },
    }


def _publication(item: Publication) -> dict[str, Any]:
    return {
        "sid": item.sid,
        "kind": item.kind,
        "source": item.info.source,
        "muted": item.info.muted,
        "forced_mute": item.forced_mute,
        "watched": item.watched,
        "media": item.up.dump() if item.up is not None else None,
        "backup": item.backup.up.dump() if item.backup is not None and item.backup.up is not None else None,
    }


def _subscription(item: Subscription) -> dict[str, Any]:
    return {
        "track": item.publication.sid,
        "publisher": item.publication.publisher,
        "kind": item.publication.kind,
        "source": item.publication.info.source,
        "active": item.active,
        "refused": item.refused,
        "disabled": item.disabled,
        "quality": item.quality,
        "width": item.width,
        "media": item.down.dump() if item.down is not None else None,
    }
