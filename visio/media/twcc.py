"""Arrival times of all packets of one peer, told to it so that its sender can find out what the path carries."""

from visio.media.serial import low32, unwrap16
from visio.media.transport_feedback import MAX_STATUSES, TICK_HZ, Feedback, write_feedback

INTERVAL_S = 0.09  # every second tick of 50 ms, also when it comes a little early
MEMORY = 256  # reported packets kept, so that a late one is reported together with its neighbours


class ArrivalRecorder:
    """Records arrivals by transport-wide sequence number and turns them into feedback."""

    __slots__ = ("_arrivals", "_base", "_count", "_highest", "_last_feedback", "_oldest")

    def __init__(self) -> None:
        self._arrivals: dict[int, int] = {}
        self._base: int | None = None  # first number of the next feedback
        self._highest = self._oldest = 0
        self._count = 0
        self._last_feedback = 0.0

    def record(self, sequence: int, now: float) -> None:
        """Note that a packet has arrived."""
        number = unwrap16(sequence, self._highest)
        if self._base is None or abs(number - self._base) > MAX_STATUSES:
            self._arrivals.clear()
            self._base = self._highest = self._oldest = number
        elif number < self._base:
            if number <= self._highest - MEMORY:
                return
            self._base = number
            self._oldest = min(self._oldest, number)
        if number > self._highest:
            self._highest = number
        self._arrivals.setdefault(number, int(now * TICK_HZ))

    def due(self, now: float) -> bool:
        """Tell whether a feedback should go out."""
        return bool(self._arrivals) and self._pending() and now - self._last_feedback >= INTERVAL_S

    def feedback(self, sender: int, source: int, now: float) -> list[bytes]:
        """Return the feedback packets for all that arrived since the last call."""
        self._last_feedback = now
        packets: list[bytes] = []
        while self._base is not None and self._pending():
            arrivals = tuple(self._arrivals.get(n) for n in range(self._base, self._highest + 1))
            packet, covered = write_feedback(sender, low32(source), Feedback(self._base, self._count, arrivals))
            packets.append(packet)
            self._count += 1
            self._base += covered
        self._prune()
        return packets

    def _pending(self) -> bool:
        return self._base is not None and self._base <= self._highest

    def _prune(self) -> None:
        horizon = max(self._oldest, self._highest - MEMORY)
        for number in range(self._oldest, horizon):
            self._arrivals.pop(number, None)
        self._oldest = horizon
