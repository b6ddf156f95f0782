"""Who speaks in one room: changes every 400 ms, as LiveKit's clients expect them."""

from dataclasses import dataclass

from visio.media.levels import LevelMeter

INTERVAL_S = 0.4
ACTIVE_SHARE = 0.4  # of the interval that must be loud
STEPS = 8  # levels are told in eighths, so that small changes are no news
SMOOTHING = 0.5  # share of the newest interval in the level


@dataclass(frozen=True, slots=True)
class Speaker:
    """A participant whose speaking has changed; `level` from 0 to 1."""

    sid: str
    level: float
    active: bool


class Speakers:
    """Meters by participant sid, and what was last told of each."""

    __slots__ = ("_levels", "_meters", "_spoken_s", "_told", "_updated")

    def __init__(self) -> None:
        self._meters: dict[str, list[LevelMeter]] = {}
        self._levels: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._updated: float | None = None
        self._spoken_s: dict[str, float] = {}

    def add(self, sid: str, meter: LevelMeter) -> None:
        """Listen to one more track of a participant."""
        self._meters.setdefault(sid, []).append(meter)

    def remove(self, sid: str, meter: LevelMeter) -> None:
        """Listen to a track no more; its participant is told as silent with the next update."""
        remaining = [other for other in self._meters.get(sid, ()) if other is not meter]
        if remaining:
            self._meters[sid] = remaining
        else:
            self._meters.pop(sid, None)
            self._levels.pop(sid, None)

    def update(self, now: float) -> list[Speaker]:
        """Return who has started, stopped or become louder or quieter since the last call."""
        elapsed_s = INTERVAL_S if self._updated is None else max(now - self._updated, 0.001)
        self._updated = now
        levels = {sid: self._level(sid, meters, elapsed_s) for sid, meters in self._meters.items()}
        current = {sid: level for sid, level in levels.items() if level > 0}
        for sid in current:
            self._spoken_s[sid] = self._spoken_s.get(sid, 0.0) + elapsed_s
        changes = [Speaker(sid, level, True) for sid, level in current.items() if self._told.get(sid) != level]
        changes += [Speaker(sid, 0.0, False) for sid in self._told if sid not in current]
        self._told = current
        return changes

    def spoken_ms(self, sid: str) -> int:
        """Give for how long a participant has spoken since this was last asked."""
        return round(self._spoken_s.pop(sid, 0.0) * 1000)

    def _level(self, sid: str, meters: list[LevelMeter], elapsed_s: float) -> float:
        loud_s, amplitude = max(meter.take() for meter in meters)
        if loud_s < ACTIVE_SHARE * elapsed_s:
            self._levels.pop(sid, None)
            return 0.0
        before = self._levels.get(sid, amplitude)
        self._levels[sid] = level = before + (amplitude - before) * SMOOTHING
        return min(1.0, -(-level * STEPS // 1) / STEPS)
