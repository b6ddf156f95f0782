"""Which microphones of a room are heard: the loudest few, so that the cost of sound does not grow with the room."""

from collections import Counter

SILENT_DBOV = -127
UNKNOWN_DBOV = -40  # what a sender counts for that does not tell its level: about a speaking voice
AUDIBLE_DBOV = -60  # below that nobody speaks, so nobody is put out for it
MARGIN_DB = 3  # by how much a newcomer must be louder, so that two equal voices do not take turns
DECAY_DB_PER_S = 15  # how fast a voice that falls silent loses its place: a pause between words costs nothing


class Voice:
    """One microphone's claim to be heard."""

    __slots__ = ("_at", "_dbov", "_ranking", "heard", "owner")

    def __init__(self, ranking: "Loudest", owner: str) -> None:
        self._ranking = ranking
        self.owner = owner
        self._dbov: float = SILENT_DBOV
        self._at = 0.0
        self.heard = False

    def loudness(self, now: float) -> float:
        """Return the level in dBov, falling with the time since it was reached."""
        return max(SILENT_DBOV, self._dbov - (now - self._at) * DECAY_DB_PER_S)

    def take(self, dbov: int | None, now: float) -> bool:
        """Note the level of a packet (None: not told); tell whether the packet is to be heard."""
        level = UNKNOWN_DBOV if dbov is None else dbov
        if level >= self.loudness(now):
            self._dbov, self._at = level, now
        return self.heard or self._ranking.admit(self, now)


class Loudest:
    """The voices of a room that are heard, at most `places` of them; 0 places are as many as there are voices.

    While places are free, one person may have several; when others need them it keeps one.
    """

    __slots__ = ("_heard", "_places")

    def __init__(self, places: int) -> None:
        self._places = places
        self._heard: list[Voice] = []

    def voice(self, owner: str) -> Voice:
        """Return the claim of one more microphone of somebody."""
        return Voice(self, owner)

    def leave(self, voice: Voice) -> None:
        """Give up a place."""
        if voice.heard:
            voice.heard = False
            self._heard.remove(voice)

    def admit(self, voice: Voice, now: float) -> bool:
        """Give a voice a place that is free, or that of another one; tell whether it has one now."""
        if self._places and len(self._heard) >= self._places:
            weakest = self._weakest(voice, now)
            if weakest is None:
                return False
            self.leave(weakest)
        voice.heard = True
        self._heard.append(voice)
        return True

    def _weakest(self, voice: Voice, now: float) -> Voice | None:
        """Return whose place a voice takes: of its own person a quieter one, else a second one, else a quieter one."""
        loudness = voice.loudness(now)
        if loudness < AUDIBLE_DBOV:
            return None
        places = Counter(other.owner for other in self._heard)
        if voice.owner not in places and (second := [other for other in self._heard if places[other.owner] > 1]):
            return min(second, key=lambda other: other.loudness(now))
        rivals = [other for other in self._heard if other.owner == voice.owner] or self._heard
        quietest = min(rivals, key=lambda other: other.loudness(now))
        return quietest if loudness >= quietest.loudness(now) + MARGIN_DB else None
