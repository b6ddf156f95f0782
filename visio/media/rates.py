"""How fast a stream flows, measured over the last seconds."""

PACKET_BYTES = 64  # on the wire besides the payload: RTP, SRTP, UDP, IP
WINDOW_S = 1.0
RISING, FALLING = 0.5, 0.3  # how far the newest measurement is followed: rather too high than too low


class RateMeter:
    """Turns running totals into bits per second on the wire; begins with what is expected."""

    __slots__ = ("_expected_bps", "_then", "_total", "bps")

    def __init__(self, expected_bps: float, now: float) -> None:
        self.bps = self._expected_bps = expected_bps
        self._total = 0
        self._then = now

    def update(self, octets: int, packets: int, now: float) -> None:
        """Take the totals of payload bytes and packets so far."""
        elapsed_s = now - self._then
        if elapsed_s < WINDOW_S:
            return
        total = octets + packets * PACKET_BYTES
        bps = (total - self._total) * 8 / elapsed_s
        self.bps = self.bps + (bps - self.bps) * (RISING if bps > self.bps else FALLING) if self.bps else bps
        self._total, self._then = total, now

    def skip(self, octets: int, packets: int, now: float) -> None:
        """Leave out a silence: what comes after it is expected to be as much as ever."""
        self.bps = max(self.bps, self._expected_bps)
        self._total, self._then = octets + packets * PACKET_BYTES, now
