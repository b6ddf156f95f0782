"""Finding out whether a path carries more than is sent: padding for a moment, and a look at how fast it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from visio.media.congestion.history import Arrival, SendHistory

DURATION_S = 0.2
ANSWER_S = 1.0  # for the feedback on the last packet
AHEAD_S = 0.05  # padding is sent for the time until the next tick, and after a long wait for twice that
PAUSE_S = 1.0  # after a probe that filled the path
CAREFUL = 1.3  # a probe aims at so many times the estimate: enough to tell, and too little for a long queue
EAGER = 2.0  # it grows to this with each one that does not fill the path
MIN_PACKETS = 8
MIN_SPAN_S = 0.1
ARRIVES = 0.93  # of the rate at which a probe is sent, when it has not filled the path
LONG_QUEUE_S = 0.12  # enough is known


class Probe:
    """One probe: the packets sent from `first` on, until it is `full`, and what of them has arrived."""

    __slots__ = ("_arrivals", "_began_octets", "_octets", "_then", "first", "last", "sent_bps", "started", "target_bps")

    def __init__(self, history: SendHistory, target_bps: float, now: float) -> None:
        self.first = history.next
        self.last: int | None = None  # once it has ended
        self.started, self._then = now, now - AHEAD_S
        self.target_bps = target_bps
        self.sent_bps = 0.0
        self._octets = self._began_octets = history.octets
        self._arrivals: list[Arrival] = []

    def lacking(self, history: SendHistory, now: float) -> int:
        """Return the bytes that are lacking to its rate since the last call."""
        sent = history.octets - self._octets
        due = int(self.target_bps * min(now - self._then, 2 * AHEAD_S) / 8)
        self._octets, self._then = history.octets, now
        return max(0, due - sent)

    def padded(self, size_bytes: int) -> None:
        """Leave padding out of what the media has sent."""
        self._octets += size_bytes

    def end(self, history: SendHistory, now: float) -> None:
        """Send no more for it."""
        self.last = history.next
        self.sent_bps = (history.octets - self._began_octets) * 8 / (now - self.started)

    def take(self, arrivals: Sequence[Arrival]) -> bool:
        """Take what arrived; tell whether all has been reported."""
        last = self.last
        self._arrivals += [p for p in arrivals if p.number >= self.first and (last is None or p.number < last)]
        return last is not None and arrivals[-1].number >= last - 1

    def arrived_bps(self) -> float | None:
        """Return the bits per second at which its packets arrived; None when too few did."""
        packets = self._arrivals
        if len(packets) < MIN_PACKETS:
            return None
        bits = 8 * sum(packet.size_bytes for packet in packets[1:])
        span_s = max(packet.arrived_s for packet in packets) - packets[0].arrived_s
        return bits / span_s if span_s >= MIN_SPAN_S else None


class Proof(NamedTuple):
    """What a probe has shown: the path carries `bps`, and no more when it was `full`."""

    bps: float
    full: bool


class Prober:
    """Decides when to probe and what a probe has proved."""

    __slots__ = ("_history", "_next", "_probe", "_reach", "probes")

    def __init__(self, history: SendHistory) -> None:
        self._history = history
        self._probe: Probe | None = None
        self._next = 0.0
        self._reach = EAGER
        self.probes = 0

    def padding(self, wanted_bps: float, estimate_bps: float, now: float) -> int:
        """Return the bytes of padding to send now, when more is wanted than the path is known to carry."""
        probe = self._probe
        if probe is None and wanted_bps > estimate_bps and now >= self._next:
            probe = self._probe = Probe(self._history, min(wanted_bps, estimate_bps * self._reach), now)
            self.probes += 1
        if probe is None:
            return 0
        if probe.last is None and now - probe.started >= DURATION_S:
            probe.end(self._history, now)
        elif now - probe.started > DURATION_S + ANSWER_S:
            self.abort(now)
        return probe.lacking(self._history, now) if probe.last is None else 0

    def padded(self, size_bytes: int) -> None:
        """Note padding that was sent."""
        if self._probe is not None:
            self._probe.padded(size_bytes)

    @property
    def running(self) -> bool:
        """Tell whether a probe is under way."""
        return self._probe is not None

    def take(self, arrivals: Sequence[Arrival], queue_s: float, loss: float, now: float) -> Proof | None:
        """Take what arrived, the queue it met and the loss of the path; return what an ended probe has shown."""
        probe = self._probe
        if probe is None:
            return None
        ended = probe.take(arrivals)
        if not ended and queue_s < LONG_QUEUE_S:
            return None
        self._probe = None
        arrived_bps = probe.arrived_bps()
        if arrived_bps is None:
            self._rest(now, full=True)
            return None
        carried_bps = arrived_bps / (1 - min(loss, 0.5))
        full = not ended or carried_bps < ARRIVES * probe.sent_bps
        self._rest(now, full=full)
        return Proof(arrived_bps if full else min(probe.target_bps, probe.sent_bps), full=full)

    def _rest(self, now: float, *, full: bool) -> None:
        self._reach = CAREFUL if full else min(self._reach * CAREFUL, EAGER)
        self._next = now + PAUSE_S if full else now

    def abort(self, now: float) -> None:
        """End a probe without a result: the path is full, or says nothing."""
        self._probe = None
        self._rest(now, full=True)
