"""One track as one subscriber gets it: its layer, its numbering, its retransmissions and its reports."""

from collections import deque
from itertools import accumulate

from visio.media import dependency, layers, rtp
from visio.media.codecs import Shift
from visio.media.congestion.allocation import PAUSED, Demand, rank
from visio.media.congestion.history import SendHistory
from visio.media.extensions import DEPENDENCY_DESCRIPTOR, TRANSPORT_SEQUENCE
from visio.media.key_frames import Answers
from visio.media.layers import Layer
from visio.media.numbers import first_sequence
from visio.media.rates import PACKET_BYTES
from visio.media.reception import DELAY_HZ
from visio.media.rtcp import ReportBlock, SenderReport
from visio.media.rtp import Packet
from visio.media.sections import DownSection, PacketSink
from visio.media.serial import low16, low32, middle32
from visio.media.stretch import Stretch, Timeline, opening
from visio.media.up_track import UpTrack

PAST_STRETCHES = 2  # kept to serve NACKs for what was sent before a switch

IDLE_S = 2.0  # a track that has sent nothing for so long needs no room

PATIENCE_S = 2.0  # for a frame that leads to more frames of a picture; not every sender marks them

REMEMBERED_REPORTS = 4  # sender reports whose echo still tells the round-trip time


class DownTrack:
    """Forwards one up track. Gets packets from `current`, and from `target` until a switch to it is possible."""

    __slots__ = (
        "_aimed",
        "_allowed",
        "_asked",
        "_current",
        "_descriptor_id",
        "_element",
        "_fps",
        "_limit",
        "_past",
        "_paused",
        "_plane",
        "_repair_number",
        "_reported_packets",
        "_reports",
        "_route",
        "_send",
        "_stamp",
        "_starved",
        "_stretch",
        "_target",
        "_timeline",
        "fraction_lost",
        "jitter",
        "key_frames",
        "lost",
        "resent",
        "rtt_s",
        "section",
        "switches",
        "track",
    )

    def __init__(self, sink: PacketSink, history: SendHistory, track: UpTrack, section: DownSection) -> None:
        self.track = track
        self.section = section
        self._plane = track.plane
        self._route = track.plane.route(sink, history, section, track.codec)
        self._send = sink.send_rtp
        self._stamp = history.stamp
        self._element = rtp.number_element(section.extensions.get(TRANSPORT_SEQUENCE, 0))
        self._descriptor_id = section.extensions.get(DEPENDENCY_DESCRIPTOR, 0)
        self._paused = self._starved = False
        self._limit = layers.ALL
        self._fps = 0.0
        self._asked = 0
        limited = self._element and track.kind == "video"
        self._allowed = layers.grade(layers.LOW) if limited else layers.ALL  # by congestion control
        self._target: Layer | None = None
        self._aimed = 0.0  # when the target was chosen, or a key frame of it asked for because nothing led there
        self._current: Layer | None = None
        self._stretch: Stretch | None = None
        self._past: deque[Stretch] = deque(maxlen=PAST_STRETCHES)
        self._timeline: Timeline | None = None
        self._repair_number = first_sequence()
        self._reports: deque[tuple[int, float]] = deque(maxlen=REMEMBERED_REPORTS)
        self._reported_packets = 0
        self.key_frames = Answers()
        self.resent = self.switches = 0
        self.fraction_lost = self.jitter = self.lost = 0
        self.rtt_s: float | None = None

    def want(
        self,
        *,
        quality: int = layers.HIGH,
        width: int = 0,
        fps: float = 0.0,
        priority: int = 0,
        paused: bool = False,
        now: float,
    ) -> None:
        """Take what the subscriber shows: a picture `width` (0: unknown, `quality` counts), or nothing for now.

        With `fps` no more frames a second are needed. With a `priority` it comes before others, 1 before all.
        """
        self._limit = layers.grade(layers.rank_for_width(self.track.widths, width) if width > 0 else quality)
        self._fps, self._asked, self._paused = fps, priority, paused
        self.choose(now)

    def choose(self, now: float) -> None:
        """Choose among the layers that are there now; what is sent goes on until the choice has a key frame."""
        limit = min(self._limit, self._allowed)
        target = (
            None if self._paused or limit == PAUSED else layers.choose(self.track.choices(self._fps), limit, self._fps)
        )
        if target is not None and target.grade > self._allowed and self.track.section.rids:
            target = None  # the smaller streams have not begun yet: it waits for its share
        if target is self._target:
            self._insist(now)
            return
        before, self._target, self._aimed = self._target, target, now
        if before is not None and before is not self._current:
            before.detach(self)
        if target is None:
            self._leave_current()
        elif target is not self._current:
            target.attach(self)
            if not self._flows(target):
                self._request(target, now)

    def _insist(self, now: float) -> None:
        """Ask for a key frame of a target to which there should be a way without one, but nothing has led there."""
        target = self._target
        if target is None or target is self._current or now - self._aimed < PATIENCE_S:
            return
        if self._flows(target):
            self._aimed = now
            self._request(target, now)

    def _flows(self, target: Layer) -> bool:
        """Tell whether there is a way to the target without a key frame: to less, or to more frames of one picture."""
        current = self._current
        if current is None or target.stream is not current.stream:
            return False
        return target.rank == current.rank or target.below(current)

    @property
    def layer(self) -> Layer | None:
        """Return what is being sent."""
        return self._current

    @property
    def newest(self) -> int:
        """Return the whole number of the newest packet sent."""
        return self._route.newest

    @property
    def packets(self) -> int:
        """Return how many packets were sent."""
        return self._route.packets

    @property
    def octets(self) -> int:
        """Return how many bytes of payload were sent."""
        return self._route.octets

    @property
    def numbered(self) -> bool:
        """Tell whether the subscriber reports on the packets."""
        return self._element != 0

    @property
    def starved(self) -> bool:
        """Tell whether the connection has no room for what the subscriber wants."""
        return self._starved and not self._paused

    def demand(self, now: float) -> Demand | None:
        """Return what the picture needs; None when nothing is wanted or nothing comes: not yet, or not any more."""
        if self._paused or self.track.kind == "audio":
            return None
        found = layers.suitable(self.track.choices(self._fps), self._limit, self._fps)
        if found and max(layer.last_packet for layer in found) < now - IDLE_S:
            return None
        fitting = sum(layer.grade <= self._allowed for layer in found)
        rates = tuple(accumulate((layer.rate.bps for layer in found), max))
        return Demand(rank(self.track.priority, self._asked), rates, fitting - 1) if found else None

    def allow(self, place: int, now: float, *, cut: bool = False, told: bool = True) -> None:
        """Let no better layer be sent than that at this place of the demand; with `cut` a better one ends at once.

        A pause that is not to be `told` is a matter of moments.
        """
        found = layers.suitable(self.track.choices(self._fps), self._limit, self._fps)
        self._allowed = PAUSED if place == PAUSED else found[place].grade
        self._starved = place == PAUSED and told
        self.choose(now)
        waits = self._target is not None and not self._target.below(self._current)
        if cut and waits and self._current is not None and self._current.grade > self._allowed:
            self._leave_current()

    def pad(self, now: float) -> int:
        """Send padding beside the track; return its bytes, 0 when that is not possible."""
        section = self.section
        if not self._element or section.rtx_payload_type is None or section.rtx_ssrc is None:
            return 0
        size = rtp.PADDING_BYTES + PACKET_BYTES
        number, sequence = self._stamp(size, now), low16(self._repair_number)
        self._repair_number += 1
        last = self._route.last
        timestamp = 0 if last is None else last.timestamp
        self._send(rtp.padding(section.rtx_payload_type, sequence, timestamp, section.rtx_ssrc, self._element, number))
        return size

    def _leave_current(self) -> None:
        current, self._current = self._current, None
        if current is None:
            return
        current.shut(self._route)
        if current is self._target:
            current.attach(self)  # to begin again
        else:
            current.detach(self)

    def stop(self) -> None:
        """Let go of the up track."""
        self._paused = True
        self.choose(0.0)

    def request_key_frame(self, now: float) -> None:
        """Pass on that the subscriber cannot decode."""
        granted = self.key_frames.ask(self._key_frames_sent(), now)
        layer = self._target or self._current
        if layer is not None and granted:
            self._request(layer, now)

    def _key_frames_sent(self) -> tuple[object, int]:
        """Return what changes with each key frame that is sent: another stream always begins with one."""
        return (None, 0) if self._current is None else (self._current.stream, self._current.key_frames_came)

    def _request(self, layer: Layer, now: float) -> None:
        if self.track.kind == "video":
            layer.request_key_frame(now)

    def forward(self, layer: Layer, packet: Packet) -> None:
        """Look at a packet of a layer that is not sent yet, and go on with that layer if it can begin here."""
        if layer is not self._target or layer is self._current or self._repeats(layer, packet):
            return
        if layer.admits(packet, self._current):
            self._switch(layer, packet)

    def _repeats(self, layer: Layer, packet: Packet) -> bool:
        """Tell whether pictures of the same stream after this one were sent; only a key frame may come before them."""
        is_same = self._current is not None and self._current.stream is layer.stream
        return is_same and not packet.switch_point and packet.index < layer.newest

    def _switch(self, layer: Layer, first: Packet) -> None:
        """Go on with another layer, and send what of it came before this late first packet."""
        before, last = self._stretch, self._route.last
        if before is None or last is None or self._timeline is None:
            self._timeline = Timeline(self.track.section.clock_rate, layer.clock)
            stretch = opening(layer, first)
        else:
            stretch = Stretch(
                layer,
                first.index,
                self.newest + 1 - first.index,
                self._timeline.shift(layer, first, before, last),
                self._shift(layer, first, before, last),
            )
            self._past.appendleft(before)
        self._stretch = stretch
        self._route.aim(stretch.first, stretch.number_shift, stretch.timestamp_shift, stretch.payload_shift)
        self._leave_current()
        self._current = layer
        layer.open(self._route)
        layer.detach(self)
        self.switches += 1
        for index in range(first.index, layer.newest + 1):
            packet = layer.cache.get(index)
            if packet is not None:
                self._plane.forward(packet, (self._route,))

    def _shift(self, layer: Layer, first: Packet, before: Stretch, last: Packet) -> Shift:
        within = self._current is not None and self._current.stream is layer.stream
        return self.track.codec.shift(last, before.payload_shift, first, within=within)

    def resend(self, number: int, now: float) -> bool:
        """Send a packet once more; False when it is not here (one that was lost on its way here follows later)."""
        stretch = self._stretch_of(number)
        packet = None if stretch is None else stretch.layer.cache.get(number - stretch.number_shift)
        if stretch is None or packet is None:
            return False
        section = self.section
        payload = self.track.codec.rewrite(packet, stretch.payload_shift)
        payload_type, ssrc, sequence = section.payload_type, section.ssrc, low16(number)
        if section.rtx_payload_type is not None and section.rtx_ssrc is not None:
            payload = rtp.original_number(sequence) + payload
            payload_type, ssrc, sequence = section.rtx_payload_type, section.rtx_ssrc, low16(self._repair_number)
            self._repair_number += 1
        timestamp = low32(packet.timestamp + stretch.timestamp_shift)
        self.resent += 1
        fixed = (packet.marker | payload_type, sequence, timestamp, ssrc)
        wide = self._stamp(len(payload) + PACKET_BYTES, now) if self._element else 0
        self._send(self._head(fixed, wide, packet.descriptor, stretch.payload_shift) + payload)
        return True

    def _head(self, fixed: tuple[int, int, int, int], wide: int, descriptor: bytes | None, shift: Shift) -> bytes:
        """Return the header of a packet that is sent once more."""
        if descriptor is not None and self._descriptor_id:
            shifted = dependency.numbered(descriptor, shift[0])
            return rtp.described_header(rtp.header(*fixed), self._descriptor_id, shifted, self._element >> 28, wide)
        return rtp.numbered_header(*fixed, self._element, wide) if self._element else rtp.header(*fixed)

    def _stretch_of(self, number: int) -> Stretch | None:
        """Return the stretch in which a number was sent."""
        stretches = (self._stretch, *self._past) if number <= self.newest else ()
        return next((s for s in stretches if s is not None and number >= s.first + s.number_shift), None)

    def report(self, now: float) -> SenderReport | None:
        """Return a sender report on the publisher's clock; None when there is nothing new to say.

        All tracks of a publisher keep its clock, which is what lets the subscriber play them in step.
        """
        stretch = self._stretch
        if stretch is None or not stretch.layer.clock.known or self.packets == self._reported_packets:
            return None
        ntp, timestamp = stretch.layer.clock.at(now)
        self._reported_packets = self.packets
        self._reports.append((middle32(ntp), now))
        return SenderReport(self.section.ssrc, ntp, timestamp + stretch.timestamp_shift, self.packets, self.octets)

    def take_report(self, block: ReportBlock, now: float) -> None:
        """Note how the subscriber receives."""
        self.fraction_lost, self.jitter = block.fraction_lost, block.jitter
        self.lost = max(self.lost, min(block.total_lost, self.packets))  # a report may lie; a counter only grows
        for last_report, sent in self._reports:
            if last_report == block.last_report:
                self.rtt_s = max(0.0, now - sent - block.delay / DELAY_HZ)

    def dump(self) -> dict[str, object]:
        """Describe the track for the room dump."""
        self.key_frames.settle(self._key_frames_sent())
        return {
            "mid": self.section.mid,
            "kind": self.track.kind,
            "ssrc": self.section.ssrc,
            "paused": self._paused,
            "starved": self.starved,
            "layer": None if self._current is None else self._current.rid,
            "target": None if self._target is None else self._target.rid,
            "packets": self.packets,
            "bytes": self.octets,
            "resent": self.resent,
            "switches": self.switches,
            "key_frames_asked": self.key_frames.asked,
            "key_frames_answered": self.key_frames.answered,
            "lost": self.lost,
            "fraction_lost": round(self.fraction_lost / 256, 3),
            "rtt_ms": None if self.rtt_s is None else round(self.rtt_s * 1000),
        }
