"""How loud one audio track is, from the level that its sender puts into each packet (RFC 6464)."""

LOUD_DBOV = -35  # LiveKit's default for an active speaker
MAX_PACKET_S = 0.12  # Opus packets are 2.5 to 120 ms long; a larger step in time is silence not sent

_AMPLITUDES = tuple(10 ** (-level / 20) for level in range(128))


def dbov(element: bytes | None) -> int | None:
    """Return the level of a packet from its element, -127 to 0 dBov; None without one."""
    return -(element[0] & 0x7F) if element else None


class LevelMeter:
    """Adds up the loud time and the loudness of one interval."""

    __slots__ = ("_amplitude_s", "_clock_rate", "_loud_s", "_timestamp")

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._timestamp: int | None = None
        self._loud_s = 0.0
        self._amplitude_s = 0.0

    def add(self, level_dbov: int, timestamp: int) -> None:
        """Count a packet of this loudness."""
        step = 0 if self._timestamp is None else timestamp - self._timestamp
        self._timestamp = timestamp
        duration_s = min(step / self._clock_rate, MAX_PACKET_S)
        if duration_s > 0 and level_dbov >= LOUD_DBOV:
            self._loud_s += duration_s
            self._amplitude_s += duration_s * _AMPLITUDES[-level_dbov]

    def take(self) -> tuple[float, float]:
        """Return the loud seconds and the mean amplitude (0 to 1) in them since the last call, and start again."""
        loud_s, amplitude = self._loud_s, self._amplitude_s / self._loud_s if self._loud_s else 0.0
        self._loud_s = self._amplitude_s = 0.0
        return loud_s, amplitude
