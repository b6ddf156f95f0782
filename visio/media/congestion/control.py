"""Congestion control of one connection to a subscriber: what its feedback says, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from visio.media.congestion.delay import DelayGradient
from visio.media.congestion.estimate import Bottleneck, Estimate
from visio.media.congestion.history import Arrival, SendHistory
from visio.media.congestion.probe import Prober
from visio.media.serial import unwrap, unwrap16
from visio.media.transport_feedback import TICK_BITS, TICK_HZ, Feedback

PADDING_PACKETS = 100  # in one tick
DEAF_S = 3.0  # a receiver that has reported nothing by then does not know how to
LONG_QUEUE_S, SHORT_QUEUE_S = 0.15, 0.05  # from one on the queue is made to empty, until it is the other
KEY_FRAME_BITS = 40_000  # a small one: the queue that it makes on a very narrow path is no congestion
SILENT_S = 1.0  # so long after the last report nothing is under way, and a queue that it told of has emptied
STEP_BACK_S = 1.0  # more than packets overtake each other: the receiver has set its clock
DRAIN_PER_S = 1.0  # less is sent by the length of the queue


class CongestionControl:
    """Follows the path to one receiver; a receiver that never reports is not limited."""

    __slots__ = (
        "_arrived_s",
        "_began",
        "_bottleneck",
        "_delay",
        "_estimate",
        "_prober",
        "_reported",
        "_reported_at",
        "_tick",
        "draining",
        "history",
        "rtt_s",
    )

    def __init__(self) -> None:
        self.history = SendHistory()
        self._reported = self.history.next - 1  # the newest number in a feedback
        self._reported_at = 0.0
        self._tick: int | None = None  # of the receiver's clock, a whole number
        self._arrived_s = 0.0  # the newest arrival
        self._delay = DelayGradient()
        self._bottleneck = Bottleneck()
        self._estimate = Estimate()
        self._prober = Prober(self.history)
        self.draining = False  # a long queue has to empty
        self.rtt_s: float | None = None
        self._began: float | None = None

    def begin(self, now: float) -> None:
        """Expect reports from now on."""
        self._began = now if self._began is None else self._began

    def bps(self, now: float) -> float | None:
        """Return what may be sent, in bits per second; None when nothing is to be known."""
        if self._is_silent(now):
            self._delay.queue_s, self.draining = 0.0, False
        deaf = self._began is None or (self.rtt_s is None and now - self._began > DEAF_S)
        return None if deaf else self._budget_bps()

    def _budget_bps(self) -> float:
        """Return what the path is believed to carry, less retransmissions, and less while a queue has to empty."""
        drain = max(0.0, 1 - self._delay.queue_s * DRAIN_PER_S) if self.draining else 1.0
        return self._estimate.bps * (1 - self._estimate.loss.mean) * drain

    @property
    def tested(self) -> bool:
        """Tell whether the path has shown what it carries."""
        return self._estimate.tested

    def take(self, feedback: Feedback, now: float) -> bool:
        """Take a receiver's report on the packets that were sent to it; tell whether less may be sent now."""
        base = unwrap16(feedback.base, self._reported)
        arrivals = self.history.arrivals(base, self._whole(feedback.arrivals), TICK_HZ)
        if not arrivals:
            return False
        before, lost = self._budget_bps(), len(feedback.arrivals) - len(arrivals)
        fresh = [arrival for arrival in arrivals if arrival.number > self._reported]
        self._estimate.count(len(arrivals), lost, now)
        self._reported, self._reported_at = max(self._reported, arrivals[-1].number), now
        if fresh:
            self._follow(fresh, now)
        return self._budget_bps() < before

    def _whole(self, ticks: Sequence[int | None]) -> Sequence[int | None]:
        """Return the arrival ticks as whole numbers that go on after those before."""
        first = next((tick for tick in ticks if tick is not None), None)
        if first is None:
            return ticks
        self._tick = first if self._tick is None else unwrap(first, self._tick, TICK_BITS)
        shift = self._tick - first
        return [tick + shift if tick is not None else None for tick in ticks] if shift else ticks

    def _begin_anew(self) -> None:
        """Forget what was learned by a clock that is another one now."""
        self._delay, self._bottleneck = DelayGradient(), Bottleneck()
        self._estimate.acked.forget()

    def _follow(self, arrivals: list[Arrival], now: float) -> None:
        if arrivals[-1].arrived_s < self._arrived_s - STEP_BACK_S:
            self._begin_anew()
        self._arrived_s = arrivals[-1].arrived_s
        estimate, delay = self._estimate, self._delay
        self.rtt_s = now - arrivals[-1].sent_s
        estimate.acked.add(arrivals)
        usage = delay.update(arrivals)
        self._bottleneck.add(arrivals, delay.fastest_s)
        queue_s = self._queue_s(arrivals[-1], now)
        estimate.update(usage, queue_s, self._bottleneck.bps(), now)
        proof = self._prober.take(arrivals, queue_s, estimate.loss.mean, now)
        if proof is not None:
            estimate.proved(proof.bps, now, full=proof.full)
        long_s = LONG_QUEUE_S + KEY_FRAME_BITS / estimate.bps
        self.draining = queue_s > (SHORT_QUEUE_S if self.draining else long_s)

    def _queue_s(self, newest: Arrival, now: float) -> float:
        """Return how long what is sent now will wait behind all that has not been reported yet."""
        seen_s, bps = self._delay.queue_s, self._bottleneck.bps()
        if bps is None:
            return seen_s
        waiting_s = self.history.octets_since(newest.number) * 8 / bps
        return max(seen_s, seen_s + waiting_s - (now - newest.sent_s))

    def _is_silent(self, now: float) -> bool:
        """Tell whether nothing was sent or reported for so long that nothing is under way."""
        return now - max(self._reported_at, self.history.newest_s) > SILENT_S

    @property
    def calm(self) -> bool:
        """Tell whether the path has room for a burst, such as a key frame or a probe."""
        return self._delay.queue_s < SHORT_QUEUE_S

    def probe(self, wanted_bps: float, pad: Callable[[float], int], now: float) -> None:
        """Send padding by `pad` (which returns bytes sent, 0 when it cannot) when more is wanted than is known."""
        if self.rtt_s is None or not (self.calm or self._is_silent(now) or self._prober.running):
            return
        lacking = self._prober.padding(wanted_bps, self._estimate.bps, now)
        for _ in range(PADDING_PACKETS):
            sent = pad(now) if lacking > 0 else 0
            if not sent:
                return
            self._prober.padded(sent)
            lacking -= sent

    def dump(self) -> dict[str, object]:
        """Describe the path for the room dump."""
        acked = self._estimate.acked.bps()
        return {
            "estimate_bps": None if self.rtt_s is None else round(self._estimate.bps),
            "acked_bps": None if acked is None else round(acked),
            "queue_ms": round(self._delay.queue_s * 1000),
            "loss": round(self._estimate.loss.ratio, 3),
            "rtt_ms": None if self.rtt_s is None else round(self.rtt_s * 1000),
            "probes": self._prober.probes,
        }
