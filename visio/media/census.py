"""Counting of what is in rooms at this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from livekit.protocol import models

from visio.media import quality
from visio.media.ledger import Ledger
from visio.media.participant import Participant
from visio.media.peer import Peer
from visio.media.room import Room

GRADES = {grade: models.ConnectionQuality.Name(grade).lower() for grade in quality.SCORES}


def ledger(ended: Ledger, rooms: Collection[Room]) -> Ledger:
    """Give what has `ended` together with what goes on in rooms."""
    whole = ended.with_living(_peers(rooms))
    for room in rooms:
        whole.data.update(room.counters)
    return whole


def subscriptions(rooms: Collection[Room]) -> int:
    """Count the tracks that are being delivered."""
    return sum(item.down is not None for who in _people(rooms) for item in who.subscriptions.values())


def tracks(rooms: Collection[Room]) -> Counter[str]:
    """Count the published tracks by kind."""
    return _all(("audio", "video"), [item.kind for who in _people(rooms) for item in who.publishing])


def ways(rooms: Collection[Room]) -> Counter[str]:
    """Count the peer connections by the way to the peer."""
    return _all(("udp", "tcp", "none"), [peer.transport.way for peer in _peers(rooms)])


def qualities(rooms: Collection[Room]) -> Counter[str]:
    """Count the participants by the quality of their connection."""
    return _all(GRADES.values(), [GRADES[quality.rate(who)] for who in _people(rooms)])


def _all(names: Collection[str], found: list[str]) -> Counter[str]:
    return Counter({**dict.fromkeys(names, 0), **Counter(found)})


def _people(rooms: Collection[Room]) -> Iterator[Participant]:
    return (who for room in rooms for who in room.participants.values())


def _peers(rooms: Collection[Room]) -> Iterator[Peer]:
    return (peer for who in _people(rooms) for peer in who.peers())
