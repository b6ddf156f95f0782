"""Statistics of one received stream for receiver reports (RFC 3550 appendices A.3 and A.8)."""

from collections.abc import Iterable

from visio.media.rtcp import ReportBlock, SenderReport
from visio.media.serial import distance32, low32, low64, middle32

NTP_HZ = 1 << 32
DELAY_HZ = 1 << 16
KEPT = 0.7  # of what a second counts, a second later: about three of them make the figure


class Reception:
    """Counts packets and measures jitter; numbers are whole sequence numbers."""

    __slots__ = (
        "_clock_rate",
        "_first",
        "_prior_expected",
        "_prior_received",
        "_transit",
        "highest",
        "jitter",
        "last_interval",
        "octets",
        "received",
    )

    def __init__(self, first: int, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._first = first
        self._prior_expected = self._prior_received = 0
        self._transit: int | None = None
        self.highest = first - 1
        self.jitter = 0.0
        self.received = 0
        self.octets = 0
        self.last_interval = (0, 0)  # lost and expected, of the last report

    @property
    def lost(self) -> int:
        """Packets that were expected and never came, retransmissions not counted as coming."""
        return self.highest - self._first + 1 - self.received

    def add(self, timestamp: int, size: int, now: float) -> None:
        """Count a packet and follow its transit time."""
        self.received += 1
        self.octets += size
        transit = low32(int(now * self._clock_rate) - timestamp)
        if self._transit is not None:
            self.jitter += (abs(distance32(transit, self._transit)) - self.jitter) / 16
        self._transit = transit

    def block(self, ssrc: int, clock: "SenderClock", now: float) -> ReportBlock:
        """Return the report on the time since the last report."""
        expected = self.highest - self._first + 1
        expected_now = expected - self._prior_expected
        lost_now = expected_now - (self.received - self._prior_received)
        self._prior_expected, self._prior_received = expected, self.received
        self.last_interval = max(0, lost_now), max(0, expected_now)
        fraction = min(255, lost_now * 256 // expected_now) if lost_now > 0 < expected_now else 0
        last, delay = clock.heard(now)
        return ReportBlock(ssrc, fraction, self.lost, low32(self.highest), int(self.jitter), last, delay)


class RecentLoss:
    """The share of packets that were lost of late, of all streams of a connection; a second counts less and less."""

    __slots__ = ("_expected", "_lost")

    def __init__(self) -> None:
        self._lost = self._expected = 0.0

    def add(self, intervals: Iterable[tuple[int, int]]) -> None:
        """Count one more second: the lost and the expected packets of each stream."""
        self._lost *= KEPT
        self._expected *= KEPT
        for lost, expected in intervals:
            self._lost += lost
            self._expected += expected

    @property
    def share(self) -> float:
        """Return the share, 0 to 1; 0 when hardly anything was sent, or most of it long ago."""
        return min(1.0, self._lost / self._expected) if self._expected >= 1 else 0.0


class SenderClock:
    """What a stream's sender reports say: which RTP timestamp belongs to which moment of the sender's clock."""

    __slots__ = ("_arrived", "_rate", "known", "ntp", "timestamp")

    def __init__(self, clock_rate: int) -> None:
        self._rate = clock_rate
        self.ntp = self.timestamp = 0
        self._arrived = 0.0
        self.known = False

    def set(self, report: SenderReport, now: float) -> None:
        """Take over a sender report that arrived `now`."""
        self.ntp, self.timestamp, self._arrived, self.known = report.ntp, report.timestamp, now, True

    def heard(self, now: float) -> tuple[int, int]:
        """Return LSR and DLSR for a receiver report; zeros when no sender report came."""
        return (middle32(self.ntp), low32(int((now - self._arrived) * DELAY_HZ))) if self.known else (0, 0)

    def at(self, now: float) -> tuple[int, int]:
        """Return the sender's NTP time and RTP timestamp for a moment of ours; only when `known`."""
        elapsed = now - self._arrived
        return low64(self.ntp + int(elapsed * NTP_HZ)), low32(self.timestamp + int(elapsed * self._rate))

    def ahead_of(self, other: "SenderClock") -> int:
        """Return by how many ticks our timestamps exceed the other's at the same moment; only when both are `known`.

        Both streams come from one sender, so their NTP times are of one clock.
        """
        apart = (other.ntp - self.ntp) * self._rate // NTP_HZ
        return distance32(low32(self.timestamp + apart), other.timestamp)
