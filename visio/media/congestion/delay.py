"""Whether a queue grows on the path, from the times at which packets were sent and arrived.

Google congestion control: draft-ietf-rmcat-gcc-02, its delay-based part with the linear filter that libwebrtc uses now.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Sequence

from visio.media.congestion.history import Arrival

BURST_S = 0.005  # packets sent within this time are one group
WINDOW_GROUPS = 20
MIN_GROUPS = 5
SMOOTHING = 0.9
GAIN = 4.0
MAX_WEIGHT = 60
OVERUSE_MS = 10.0  # a trend must last that long to count
THRESHOLD_MS = 12.5
MIN_THRESHOLD_MS, MAX_THRESHOLD_MS = 6.0, 600.0
ADAPT_UP, ADAPT_DOWN = 0.0087, 0.039  # per millisecond
MAX_STEP_MS = 100.0
OUTLIER_MS = 15.0
BASE_S = 15.0  # how long a smallest delay is believed, at least


class Usage(enum.Enum):
    """What the delay says of the path."""

    NORMAL = "normal"
    OVER = "over"
    UNDER = "under"


class BaseDelay:
    """The delay of the path without a queue: the smallest one of the last 15 to 30 seconds (the clocks differ)."""

    __slots__ = ("_before", "_current", "_since")

    def __init__(self) -> None:
        self._before = self._current = float("inf")
        self._since = 0.0

    def take(self, delay_s: float, now: float) -> float:
        """Take the smallest delay of some packets; return the base."""
        if now - self._since > BASE_S:
            self._before, self._current, self._since = self._current, delay_s, now
        self._current = min(self._current, delay_s)
        return min(self._current, self._before)


class DelayGradient:
    """Follows the one-way delay of groups of packets and judges its slope."""

    __slots__ = (
        "_base",
        "_first_sent",
        "_groups",
        "_judged_ms",
        "_last",
        "_origin_s",
        "_over_ms",
        "_points",
        "_smoothed_ms",
        "_threshold_ms",
        "_trend",
        "fastest_s",
        "queue_s",
    )

    def __init__(self) -> None:
        self._base = BaseDelay()
        self._points: deque[tuple[float, float]] = deque(maxlen=WINDOW_GROUPS)  # arrival and smoothed delay, ms
        self._groups = 0
        self._first_sent = 0.0
        self._last: Arrival | None = None
        self._origin_s: float | None = None
        self._smoothed_ms = self._trend = self._over_ms = self._judged_ms = 0.0
        self._threshold_ms = THRESHOLD_MS
        self.queue_s = 0.0  # of the newest packet
        self.fastest_s = 0.0  # the delay of a packet that meets no queue

    def update(self, arrivals: Sequence[Arrival]) -> Usage:
        """Take what one feedback reported (one packet at least, in the order of sending) and judge the path."""
        for packet in arrivals:
            last = self._last
            if last is not None and packet.sent_s - self._first_sent > BURST_S:
                self._follow(last)
                self._first_sent = packet.sent_s
            elif last is None:
                self._first_sent = packet.sent_s
            self._last = packet
        newest = arrivals[-1]
        shortest_s = min(packet.arrived_s - packet.sent_s for packet in arrivals)
        self.fastest_s = self._base.take(shortest_s, newest.sent_s)
        self.queue_s = newest.arrived_s - newest.sent_s - self.fastest_s
        return self._judge()

    def _follow(self, last: Arrival) -> None:
        """Add the delay of a group, which is that of its last packet."""
        delay_s = last.arrived_s - last.sent_s
        if self._origin_s is None:
            self._origin_s = delay_s
        self._groups += 1
        self._smoothed_ms += ((delay_s - self._origin_s) * 1000 - self._smoothed_ms) * (1 - SMOOTHING)
        self._points.append((last.arrived_s * 1000, self._smoothed_ms))

    def _judge(self) -> Usage:
        if len(self._points) < MIN_GROUPS:
            return Usage.NORMAL
        at_ms = self._points[-1][0]
        elapsed_ms = min(max(0.0, at_ms - self._judged_ms), MAX_STEP_MS)
        self._judged_ms = at_ms
        before, self._trend = self._trend, _slope(self._points) * min(self._groups, MAX_WEIGHT) * GAIN
        usage = self._compare(before, elapsed_ms)
        self._adapt(elapsed_ms)
        return usage

    def _compare(self, before: float, elapsed_ms: float) -> Usage:
        if self._trend <= self._threshold_ms:
            self._over_ms = 0.0
            return Usage.UNDER if self._trend < -self._threshold_ms else Usage.NORMAL
        self._over_ms += elapsed_ms
        return Usage.OVER if self._over_ms > OVERUSE_MS and self._trend >= before else Usage.NORMAL

    def _adapt(self, elapsed_ms: float) -> None:
        """Let the threshold follow the trend, so that neither noise nor competing traffic decides alone."""
        size = abs(self._trend)
        if size > self._threshold_ms + OUTLIER_MS:
            return
        pace = ADAPT_DOWN if size < self._threshold_ms else ADAPT_UP
        threshold = self._threshold_ms + pace * (size - self._threshold_ms) * elapsed_ms
        self._threshold_ms = max(MIN_THRESHOLD_MS, min(threshold, MAX_THRESHOLD_MS))


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the least-squares line; 0 when all are at one time."""
    count, from_x = len(points), points[0][0]
    sum_x = sum_y = sum_xx = sum_xy = 0.0
    for at, y in points:  # one pass, relative to the first, so that no digits are lost: it is made for every feedback
        x = at - from_x
        sum_x += x
        sum_y += y
        sum_xx += x * x
        sum_xy += x * y
    spread = count * sum_xx - sum_x * sum_x
    return (count * sum_xy - sum_x * sum_y) / spread if spread else 0.0
