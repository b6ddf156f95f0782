"""What one peer connection receives: its down tracks, and what the peer says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from visio.media import feedback, rtcp, transport_feedback
from visio.media.congestion.control import CongestionControl
from visio.media.congestion.reports import ReportedLoss
from visio.media.congestion.sharing import Sharing
from visio.media.down_track import DownTrack
from visio.media.flows import Flows
from visio.media.rates import RateMeter
from visio.media.rtcp import Item
from visio.media.sections import DownSection, PacketSink
from visio.media.up_track import UpTrack

REPORT_INTERVAL_S = 1.0
SHARE_INTERVAL_S = 0.2
CUT = 0.7  # an estimate below this share of what is sent leaves no time to wait for key frames
RESENT_PER_TICK = 64  # about 1300 packets a second, found or not: enough for heavy loss, too few for an attack
ARRIVALS_MAX = 4  # reports on arrivals in one datagram; each may cover 2048 packets


class DownLeg:
    """The sending side of one peer connection; any bytes may be given to it."""

    def __init__(self, sink: PacketSink) -> None:
        self._sink = sink
        self._downs: dict[int, DownTrack] = {}
        self._pictures: list[DownTrack] = []
        self._reported = 0.0
        self._shared = 0.0
        self._sharing = Sharing()
        self._loss = ReportedLoss()
        self._sound = RateMeter(0, 0.0)
        self._may_resend = RESENT_PER_TICK
        self._may_read = ARRIVALS_MAX
        self.congestion = CongestionControl()
        self._past = Flows()
        self.nacks = 0  # packets that were asked for again
        self.plis = 0  # and FIR
        self.refused = 0  # packets asked for again that were not sent

    def add(self, track: UpTrack, section: DownSection, now: float) -> DownTrack:
        """Subscribe to a track and begin to send it."""
        down = DownTrack(self._sink, self.congestion.history, track, section)
        self._downs[section.ssrc] = down
        self._sort()
        track.down_tracks.add(down)
        if down.numbered:
            self.congestion.begin(now)
        self._share(now)
        down.choose(now)
        return down

    def remove(self, down: DownTrack) -> None:
        """End a subscription."""
        down.stop()
        self._past.take_down(down)
        down.track.down_tracks.discard(down)
        if self._downs.get(down.section.ssrc) is down:
            del self._downs[down.section.ssrc]
        self._sort()

    def _sort(self) -> None:
        self._pictures = [down for down in self._downs.values() if down.track.kind == "video"]

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTCP packet that arrived `now`; what is not about our streams is ignored."""
        self._may_read = ARRIVALS_MAX
        for item in rtcp.read(data) if self._downs else ():
            if item.kind in (rtcp.SENDER_REPORT, rtcp.RECEIVER_REPORT):
                self._reports(item, now)
            elif handler := self.HANDLERS.get((item.kind, item.count)):
                handler(self, item, now)

    def _reports(self, item: Item, now: float) -> None:
        for block in rtcp.read_blocks(item):
            if down := self._downs.get(block.ssrc):
                down.take_report(block, now)

    def _nack(self, item: Item, now: float) -> None:
        down = self._about(item)
        if down is None:
            return
        for number in feedback.read_nack(item, down.newest):
            self.nacks += 1
            self._may_resend -= 1
            if self._may_resend < 0 or not down.resend(number, now):
                self.refused += 1

    def _pli(self, item: Item, now: float) -> None:
        self.plis += 1
        if down := self._about(item):
            down.request_key_frame(now)

    def _fir(self, item: Item, now: float) -> None:
        self.plis += 1
        for ssrc in feedback.read_fir(item):
            if down := self._downs.get(ssrc):
                down.request_key_frame(now)

    def _arrivals(self, item: Item, now: float) -> None:
        self._may_read -= 1
        report = transport_feedback.read_feedback(item) if self._may_read >= 0 else None
        if report is not None and self.congestion.take(report, now):
            self._share(now)

    HANDLERS: ClassVar[dict[tuple[int, int], Callable[[DownLeg, Item, float], None]]] = {
        (feedback.TRANSPORT, feedback.NACK): _nack,
        (feedback.PAYLOAD, feedback.PLI): _pli,
        (feedback.PAYLOAD, feedback.FIR): _fir,
        (feedback.TRANSPORT, feedback.TRANSPORT_WIDE): _arrivals,
    }

    def _about(self, item: Item) -> DownTrack | None:
        source = feedback.media_source(item)
        return None if source is None else self._downs.get(source)

    def tick(self, now: float) -> None:
        """Choose layers anew and send reports when due; call every 50 ms."""
        self._may_resend = RESENT_PER_TICK
        if now - self._shared >= SHARE_INTERVAL_S:
            self._share(now)
            for down in self._downs.values():
                down.choose(now)
        self.congestion.probe(self._sharing.wanted_bps, self._pad, now)
        if now - self._reported < REPORT_INTERVAL_S:
            return
        self._reported = now
        for datagram in rtcp.bundle([part for down in self._downs.values() for part in _report(down, now)]):
            self._sink.send_rtcp(datagram)

    def _share(self, now: float) -> None:
        """Share what the connection carries among the pictures; sound is served before."""
        self._shared = now
        demands = [(down, demand) for down in self._pictures if (demand := down.demand(now)) is not None]
        if not demands:
            self._sharing.wanted_bps = 0.0
            return
        congestion, sound_bps = self.congestion, self._sound_bps(now)
        wishes = [demand for _, demand in demands]
        sent_bps = sound_bps + sum(demand.rate(demand.current) for demand in wishes)
        budget_bps = congestion.bps(now)
        if budget_bps is None:
            self._loss.take(self._lost(), sent_bps, now)
            budget_bps = self._loss.bps
        if budget_bps is None:
            for down, demand in demands:
                down.allow(len(demand.rates_bps) - 1, now)
            return
        places = self._sharing.share(
            budget_bps, sound_bps, wishes, now, calm=congestion.calm, draining=congestion.draining
        )
        cut = congestion.draining or budget_bps < CUT * sent_bps
        for (down, _), place in zip(demands, places, strict=True):
            down.allow(place, now, cut=cut, told=congestion.tested or self._loss.bps is not None)

    def _lost(self) -> float:
        """Return the share of packets that the receiver last reported as lost."""
        shares = [down.fraction_lost / 256 for down in self._downs.values() if down.packets]
        return sum(shares) / len(shares) if shares else 0.0

    def _sound_bps(self, now: float) -> float:
        sounds = [down for down in self._downs.values() if down.track.kind == "audio"]
        self._sound.update(sum(down.octets for down in sounds), sum(down.packets for down in sounds), now)
        return self._sound.bps

    def _pad(self, now: float) -> int:
        return next((size for down in self._downs.values() if (size := down.pad(now))), 0)

    def count(self, flows: Flows) -> None:
        """Count what has gone over this connection so far, tracks that have ended included."""
        flows.merge(self._past)
        for down in self._downs.values():
            flows.take_down(down)

    def dump(self) -> dict[str, object]:
        """Describe the leg for the room dump."""
        return {
            **self.congestion.dump(),
            "refused": self.refused,
            "tracks": [down.dump() for down in self._downs.values()],
        }


def _report(down: DownTrack, now: float) -> list[bytes]:
    report = down.report(now)
    if report is None:
        return []
    return [rtcp.write_sender_report(report) + rtcp.write_description(report.ssrc, down.section.cname)]
