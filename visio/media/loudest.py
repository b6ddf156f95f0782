"""Which microphones of a room are heard: the loudest few, so that the cost of sound does not grow with the room."""

SILENT_DBOV = -127
UNKNOWN_DBOV = -40  # what a sender counts for that does not tell its level: about a speaking voice
AUDIBLE_DBOV = -60  # below that nobody speaks, so nobody is put out for it
MARGIN_DB = 3  # by how much a newcomer must be louder, so that two equal voices do not take turns
DECAY_DB_PER_S = 15  # how fast a voice that falls silent loses its place: a pause between words costs nothing


class Voice:
    """One microphone's claim to be heard."""

    __slots__ = ("_at", "_dbov", "_ranking", "heard")

    def __init__(self, ranking: "Loudest") -> None:
        self._ranking = ranking
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
    """The voices of a room that are heard, at most `places` of them; 0 places are as many as there are voices."""

    __slots__ = ("_heard", "_places")

    def __init__(self, places: int) -> None:
        self._places = places
        self._heard: list[Voice] = []

    def voice(self) -> Voice:
        """Return the claim of one more microphone."""
        return Voice(self)

    def leave(self, voice: Voice) -> None:
        """Give up a place."""
        if voice.heard:
            voice.heard = False
            self._heard.remove(voice)

    def admit(self, voice: Voice, now: float) -> bool:
        """Give a voice a place that is free, or that of a quieter one; tell whether it has one now."""
        if self._places and len(self._heard) >= self._places:
            quietest = min(self._heard, key=lambda other: other.loudness(now))
            if voice.loudness(now) < max(AUDIBLE_DBOV, quietest.loudness(now) + MARGIN_DB):
                return False
            self.leave(quietest)
        voice.heard = True
        self._heard.append(voice)
        return True
