"""How good a participant's connection is, in LiveKit's four grades: the worse one of its two directions.

What counts is loss, both of what it gets and of what it sends, the round trip, and whether there is room for pictures.
"""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol import models, rtc

from visio.media.down_track import DownTrack
from visio.media.participant import Participant

Grade = models.ConnectionQuality

GRADES: tuple[tuple[float, int, float], ...] = (
    (0.03, Grade.EXCELLENT, 5.0),
    (0.10, Grade.GOOD, 3.5),
    (1.01, Grade.POOR, 2.0),
)
"""Share of lost packets below which a grade holds, and its score (a mean opinion score, 1 to 5)."""
SLOW_S = 0.4
"""A round trip above this makes conversation awkward (ITU-T G.114: 400 ms one way is the limit; half is felt)."""
SCORES = {grade: score for _, grade, score in GRADES} | {Grade.LOST: 0.0}


def rate(who: Participant) -> int:
    """Grade a participant's connection now."""
    if who.lost_at is not None or who.failed_at is not None:
        return Grade.LOST
    downs = [item.down for item in who.subscriptions.values() if item.down is not None]
    if any(down.starved for down in downs):
        return Grade.POOR
    return grade(max(_loss(downs), _uplink_loss(who)), _round_trip_s(who, downs))


def grade(loss: float, round_trip_s: float) -> int:
    """Grade a share of lost packets (0 to 1) and a round-trip time."""
    found = next(grade for limit, grade, _ in GRADES if loss < limit)
    return Grade.GOOD if found == Grade.EXCELLENT and round_trip_s > SLOW_S else found


def describe(sid: str, found: int) -> rtc.ConnectionQualityInfo:
    """Say a grade as clients want it."""
    return rtc.ConnectionQualityInfo(participant_sid=sid, quality=Grade.Name(found), score=SCORES[found])


def _uplink_loss(who: Participant) -> float:
    return who.publisher.up.loss.share if who.publisher is not None else 0.0


def _round_trip_s(who: Participant, downs: Iterable[DownTrack]) -> float:
    """Give the longest one that its reports show; of somebody who gets nothing, what its client measured itself."""
    return max((down.rtt_s for down in downs if down.rtt_s is not None), default=who.signalling_rtt_s)


def _loss(downs: Iterable[DownTrack]) -> float:
    shares = [down.fraction_lost / 256 for down in downs if down.packets]
    return sum(shares) / len(shares) if shares else 0.0
