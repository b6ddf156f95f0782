"""What arrives on one peer connection: packets to layers, reports and requests back to the peer."""

from visio.media import rtcp, rtp
from visio.media.backchannel import Backchannel
from visio.media.extensions import TRANSPORT_SEQUENCE
from visio.media.flows import Flows
from visio.media.plane import Plane
from visio.media.python_plane import PLANE
from visio.media.reception import RecentLoss
from visio.media.rtp import Packet
from visio.media.sections import PacketSink, UpSection
from visio.media.streams import StreamBinding
from visio.media.twcc import ArrivalRecorder
from visio.media.up_layer import UpLayer
from visio.media.up_track import UpTrack

REPORT_INTERVAL_S = 1.0


class UpLeg:
    """The receiving side of one peer connection; any bytes may be given to it."""

    def __init__(self, sink: PacketSink, plane: Plane = PLANE) -> None:
        self._plane = plane
        self.back = Backchannel(sink)
        self._binding = StreamBinding()
        self._arrivals = ArrivalRecorder()
        self._transport_id = 0
        self._media: dict[int, UpLayer] = {}
        self._repairs: dict[int, UpLayer] = {}
        self._reported = 0.0
        self._past = Flows()
        self.loss = RecentLoss()
        self.malformed = 0
        self.unbound = 0

    def add(self, section: UpSection) -> UpTrack:
        """Expect a track in this section; one that was in the same section before is removed."""
        track = UpTrack(self.back, section, self._plane)
        before = self._binding.add(track)
        if before is not None:
            self._forget(before)
        self._transport_id = section.extensions.get(TRANSPORT_SEQUENCE, self._transport_id)
        return track

    def remove(self, track: UpTrack) -> None:
        """Expect a track no more; its subscribers fall silent."""
        self._binding.remove(track)
        self._forget(track)

    def _forget(self, track: UpTrack) -> None:
        for layer in track.layers:
            self._media.pop(layer.ssrc, None)
            self._repairs.pop(layer.repair_ssrc or 0, None)
            self._past.take_layer(track.kind, layer)
        track.end()

    def receive_rtp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTP packet that arrived `now`."""
        packet = rtp.parse(data, now)
        if packet is None:
            self.malformed += 1
            return
        sequence = packet.elements.get(self._transport_id)
        if sequence is not None and len(sequence) == 2:
            self._arrivals.record(int.from_bytes(sequence, "big"), now)
        layer = self._media.get(packet.ssrc)
        if layer is None:
            self._receive_other(packet)
        elif not layer.receive(packet):
            self._begin(self._binding.owner(layer), layer.rid, packet)

    def _receive_other(self, packet: Packet) -> None:
        """Take a packet that is no known media: a retransmission, or the first one of its SSRC."""
        layer = self._repairs.get(packet.ssrc) or self._bind_repair(packet)
        if layer is not None:
            if rtp.restore(packet):
                packet.payload_type = layer.payload_type
                layer.receive(packet, repaired=True)
            return
        found = self._binding.media(packet)
        if found is None:
            self.unbound += 1
        else:
            self._begin(*found, packet)

    def _bind_repair(self, packet: Packet) -> UpLayer | None:
        layer = self._binding.repaired(packet)
        if layer is not None:
            self._repairs.pop(layer.repair_ssrc or 0, None)
            self._repairs[packet.ssrc] = layer
            layer.repair_ssrc = packet.ssrc
        return layer

    def _begin(self, track: UpTrack | None, rid: str, first: Packet) -> None:
        """Start a layer, in place of the one that had the same rid."""
        if track is None:
            return
        before = track.layer(rid)
        if before is not None:
            self._media.pop(before.ssrc, None)
            self._repairs.pop(before.repair_ssrc or 0, None)
            self._past.take_layer(track.kind, before)
        layer = track.begin_layer(rid, first)
        self._media[first.ssrc] = layer
        layer.receive(first)

    def receive_rtcp(self, data: bytes, now: float) -> None:
        """Take a decrypted RTCP packet that arrived `now`; what is not about the peer's own streams is ignored."""
        for item in rtcp.read(data) if self._media else ():
            if item.kind == rtcp.SENDER_REPORT:
                self._sender_report(item, now)
            elif item.kind == rtcp.GOODBYE:
                self._goodbye(item, now)

    def _sender_report(self, item: rtcp.Item, now: float) -> None:
        report = rtcp.read_sender_report(item)
        layer = None if report is None else self._media.get(report.ssrc)
        if report is not None and layer is not None:
            layer.clock.set(report, now)

    def _goodbye(self, item: rtcp.Item, now: float) -> None:
        """Let subscribers leave a layer at once that its sender has switched off."""
        for ssrc in rtcp.read_goodbye(item):
            layer = self._media.get(ssrc)
            if layer is not None:
                layer.last_packet = 0.0
                if track := self._binding.owner(layer):
                    track.choose(now)

    def tick(self, now: float) -> None:
        """Send what is due; call every 50 ms."""
        if not self._media:
            return
        parts: list[bytes] = []
        if now - self._reported >= REPORT_INTERVAL_S:
            self._reported = now
            layers = self._media.values()
            parts += self.back.reports([layer.reception.block(layer.ssrc, layer.clock, now) for layer in layers])
            self.loss.add(layer.reception.last_interval for layer in layers)
        for layer in self._media.values():
            parts += layer.requests(now)
        # libwebrtc stops sending the rid extension at the first feedback, so none goes out before a stream is bound.
        if self._arrivals.due(now):
            parts += self._arrivals.feedback(self.back.ssrc, next(iter(self._media)), now)
        self.back.send(*parts)

    def count(self, flows: Flows) -> None:
        """Count what has come over this connection so far, tracks that have ended included."""
        flows.merge(self._past)
        for track in self._binding.tracks():
            for layer in track.layers:
                flows.take_layer(track.kind, layer)

    def dump(self) -> dict[str, object]:
        """Describe the leg for the room dump."""
        return {
            "malformed": self.malformed,
            "unbound": self.unbound,
            "loss": round(self.loss.share, 3),
            "tracks": [track.dump() for track in self._binding.tracks()],
        }
