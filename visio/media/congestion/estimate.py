"""How much one connection carries: the estimate follows the queue, the loss and what probes have shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from visio.media.congestion.delay import Usage
from visio.media.congestion.history import Arrival

START_BPS = 600_000
MIN_BPS = 30_000
MAX_BPS = 100_000_000
WINDOW_S = 0.4  # over which the arriving rate is measured
WINDOW_PACKETS = 4096  # at most, should the receiver's clock stand still
BUSY_S = 0.06  # who has waited so long has seen the path at work all the while
MIN_SPAN_S = 0.04
QUEUED_S = 0.015  # a packet that came so much later than the fastest ones has waited
SAFE = 0.95  # of what the path carries, so that a queue can empty
QUEUE_S = 0.1  # a standing queue, whatever its slope
CALM_QUEUE_S = 0.05
GROWTH_PER_S = 1.08
LEAD = 1.5  # the estimate does not outgrow what arrives by more than that
LEAD_BPS = 50_000
FULL_S = 30.0  # so long what a full path has carried is not exceeded, unless a probe proves more
LOSS_S = 0.5
LOSS_MIN_PACKETS = 50
LOSS_WINDOWS = 10
CONGESTIVE_LOSS = 0.15
LOSS_PAUSE_S = 1.0


class AckedRate:
    """The rate at which packets arrive, over a moment of the receiver's clock."""

    __slots__ = ("_bytes", "_packets", "_window_s")

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._packets: deque[tuple[float, int]] = deque()
        self._bytes = 0

    def add(self, arrivals: Sequence[Arrival]) -> None:
        """Take packets that arrived, one at least."""
        for packet in arrivals:
            self._packets.append((packet.arrived_s, packet.size_bytes))
            self._bytes += packet.size_bytes
        horizon = self._packets[-1][0] - self._window_s
        while self._packets[0][0] < horizon or len(self._packets) > WINDOW_PACKETS:
            self._bytes -= self._packets.popleft()[1]

    def forget(self) -> None:
        """Begin anew."""
        self._packets.clear()
        self._bytes = 0

    def bps(self) -> float | None:
        """Return bits per second; None before there is enough to tell."""
        if len(self._packets) < 2:
            return None
        span_s = self._packets[-1][0] - self._packets[0][0]
        return (self._bytes - self._packets[0][1]) * 8 / span_s if span_s >= MIN_SPAN_S else None


class Bottleneck:
    """The rate at which a queue on the path empties, seen while there is one: what the path carries.

    A receiver that was asleep gets all that waited at once, which looks fast, not narrow.
    """

    __slots__ = ("_busy", "_rate", "_waited_s")

    def __init__(self) -> None:
        self._rate = AckedRate()
        self._busy = AckedRate(BUSY_S)
        self._waited_s = 0.0

    def add(self, arrivals: Sequence[Arrival], fastest_s: float) -> None:
        """Take packets that arrived; `fastest_s` is the delay of one that met no queue."""
        limit = fastest_s + QUEUED_S
        start = len(arrivals)
        while start and arrivals[start - 1].arrived_s - arrivals[start - 1].sent_s >= limit:
            start -= 1
        if start:
            self._rate.forget()
            self._busy.forget()
            start -= 1  # from the arrival of this one on the queue was there
        self._rate.add(arrivals[start:])
        self._busy.add(arrivals[start:])
        self._waited_s = arrivals[-1].arrived_s - arrivals[-1].sent_s - fastest_s

    def bps(self) -> float | None:
        """Return bits per second; None when there is no queue, or not for long enough.

        Only in a long queue is a short look enough: in a short one, packets may be late for other reasons.
        """
        return (self._busy if self._waited_s >= BUSY_S else self._rate).bps()


class LossMeter:
    """Loss that is more than the path's usual one: radio links lose packets without being full."""

    __slots__ = ("_lost", "_received", "_since", "_windows", "ratio")

    def __init__(self) -> None:
        self._lost = self._received = 0
        self._since = 0.0
        self._windows: deque[float] = deque(maxlen=LOSS_WINDOWS)
        self.ratio = 0.0  # of the last window

    def add(self, received: int, lost: int, now: float) -> float | None:
        """Count packets; return the share of unusual loss when a window is full."""
        self._received += received
        self._lost += lost
        total = self._received + self._lost
        if now - self._since < LOSS_S or total < LOSS_MIN_PACKETS:
            return None
        self.ratio = self._lost / total
        unusual = self.ratio - self.usual
        self._windows.append(self.ratio)
        self._since, self._lost, self._received = now, 0, 0
        return unusual

    @property
    def mean(self) -> float:
        """Return the share that was lost in the last seconds."""
        return sum(self._windows) / len(self._windows) if self._windows else 0.0

    @property
    def usual(self) -> float:
        """Return the share that is lost even at the best of times."""
        return min(self._windows, default=0.0)


class Estimate:
    """`bps` is what the connection is believed to carry."""

    __slots__ = ("_full_at", "_full_bps", "_loss_decreased", "_updated", "acked", "bps", "loss", "tested")

    def __init__(self) -> None:
        self.bps: float = START_BPS
        self.tested = False  # `bps` is an assumption until it was changed by evidence
        self.acked = AckedRate()
        self.loss = LossMeter()
        self._full_bps: float | None = None  # what the path carried when it was full
        self._full_at = self._updated = self._loss_decreased = 0.0

    def update(self, usage: Usage, queue_s: float, bottleneck_bps: float | None, now: float) -> None:
        """Follow the delay."""
        elapsed_s, self._updated = min(now - self._updated, 0.2), now
        if usage is Usage.OVER or queue_s > QUEUE_S:
            if bottleneck_bps is not None:
                self._fill(bottleneck_bps, now)
                self.set(min(self.bps, bottleneck_bps * SAFE))
        elif usage is Usage.NORMAL and queue_s < CALM_QUEUE_S:
            self._increase(elapsed_s, now)

    def _fill(self, bps: float, now: float) -> None:
        self._full_bps, self._full_at, self.tested = bps, now, True

    def _increase(self, elapsed_s: float, now: float) -> None:
        acked = self.acked.bps()
        if acked is None:
            return
        grown = min(self.bps * GROWTH_PER_S**elapsed_s, acked * LEAD + LEAD_BPS)
        if self._full_bps is not None and now - self._full_at < FULL_S:
            grown = min(grown, self._full_bps * SAFE)
        self.set(max(self.bps, grown))

    def count(self, received: int, lost: int, now: float) -> None:
        """Follow the loss."""
        unusual, acked = self.loss.add(received, lost, now), self.acked.bps()
        if unusual is None or acked is None or unusual < CONGESTIVE_LOSS or now - self._loss_decreased < LOSS_PAUSE_S:
            return
        self._loss_decreased = now
        self._fill(acked, now)
        self.set(min(self.bps, acked * SAFE))

    def proved(self, bps: float, now: float, *, full: bool) -> None:
        """Take over that a probe has shown the path to carry this much; no more, when it was full."""
        self.tested = True
        if full:
            self._fill(bps, now)
        else:
            self._full_bps = None
        self.set(max(self.bps, bps * SAFE if full else bps))

    def set(self, bps: float) -> None:
        """Change the estimate within its bounds."""
        self.bps = max(MIN_BPS, min(bps, MAX_BPS))
