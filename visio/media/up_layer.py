"""One stream of an up track, by its SSRC: order, loss, key frames, cache, and to whom its packets go."""

from collections.abc import Callable

from visio.media import layers, red
from visio.media.backchannel import Backchannel
from visio.media.cache import PacketCache
from visio.media.codecs import Codec
from visio.media.dense import DenseNumbers
from visio.media.extensions import AUDIO_LEVEL
from visio.media.key_frames import KeyFrameRequests
from visio.media.layers import Layer, Table
from visio.media.levels import LevelMeter, dbov
from visio.media.loudest import Voice
from visio.media.nack import Missing
from visio.media.parts import Parts
from visio.media.plane import Plane
from visio.media.python_plane import PLANE
from visio.media.rates import RateMeter
from visio.media.reception import Reception, SenderClock
from visio.media.rtp import MARKER, Packet
from visio.media.sections import UpSection
from visio.media.serial import low16, unwrap16

CACHED_PACKETS = {"audio": 128, "video": 1024}
CACHED_S = 3.0  # beyond that a receiver has given up
SILENT_S = 1.0  # a layer has been switched off
MAX_DROPOUT = 3000  # RFC 3550 appendix A.1: a longer jump is another life of the stream


class UpLayer(Table):
    """Receives one stream and sends it along its routes."""

    __slots__ = (
        "_audible",
        "_back",
        "_level_id",
        "_meter",
        "_number",
        "_red_payload_type",
        "_resumption",
        "_wake",
        "cache",
        "clock",
        "codec",
        "duplicates",
        "fps",
        "grade",
        "key_frames",
        "last_packet",
        "missing",
        "newest",
        "parts",
        "payload_type",
        "plane",
        "rank",
        "rate",
        "reception",
        "repair_ssrc",
        "rid",
        "ssrc",
        "voice",
    )

    def __init__(
        self,
        back: Backchannel,
        section: UpSection,
        codec: Codec,
        meter: LevelMeter,
        rid: str,
        rank: int,
        first: Packet,
        voice: Voice | None = None,
        plane: Plane = PLANE,
        wake: Callable[[float], None] = lambda now: None,  # noqa: ARG005
    ) -> None:
        super().__init__()
        self.plane = plane
        self._wake = wake
        self._back = back
        self._meter = meter
        self._level_id = section.extensions.get(AUDIO_LEVEL, 0)
        self._resumption: int | None = None  # the number that would confirm a jump
        self._number = DenseNumbers(first.sequence)
        self._audible = True
        self.voice = voice
        self.codec = codec.for_stream(section.extensions)
        self.rid = rid
        self.rank = rank
        self.grade = layers.grade(rank)
        self.fps = 0.0
        self.ssrc = first.ssrc
        self.repair_ssrc: int | None = None
        self.payload_type = section.payload_type
        self._red_payload_type = section.red_payload_type
        self.cache = PacketCache(CACHED_PACKETS[section.kind])
        self.clock = SenderClock(section.clock_rate)
        self.key_frames = KeyFrameRequests(first.arrived)
        self.missing = Missing()
        self.rate = RateMeter(layers.EXPECTED_BPS[rank] if section.kind == "video" else 0, first.arrived)
        self.reception = Reception(first.sequence, section.clock_rate)
        self.last_packet = first.arrived
        self.newest = first.sequence - 1
        self.parts = Parts(self, self.codec)  # of a scalable stream
        self.duplicates = 0

    @property
    def stream(self) -> object:
        """Return itself: no other layer shares its packets."""
        return self

    @property
    def key_frames_came(self) -> int:
        """Return a number that grows with each key frame that arrives."""
        return self.key_frames.came_total

    def below(self, other: Layer | None) -> bool:  # noqa: ARG002
        """Say no: another stream can only be entered at its key frames."""
        return False

    def admits(self, packet: Packet, current: Layer | None) -> bool:
        """Tell whether a subscriber can begin with this packet, or go on with it who had a part of the stream."""
        return packet.switch_point or self.parts.opens(packet, current)

    def receive(self, packet: Packet, *, repaired: bool = False) -> bool:
        """Take a packet and forward it; False when the stream has started anew and needs a new layer."""
        reception = self.reception
        number = unwrap16(packet.sequence, reception.highest)
        ahead = number - reception.highest
        if not -MAX_DROPOUT < ahead < MAX_DROPOUT:
            return repaired or not self._resumes(packet.sequence)
        if packet.payload_type != self.payload_type:
            self._unpack(packet)
        if not repaired:
            reception.add(packet.timestamp, len(packet.payload), packet.arrived)
        if ahead > 0:
            if not self._hears(number, ahead, packet):
                self._number.skip(number)
                return True
        elif not self.missing.arrived(number, packet.arrived):
            self.duplicates += 1
            return True
        self._pass_on(packet, self._number.index(number))
        return True

    def _unpack(self, packet: Packet) -> None:
        """Take the present packet out of one with repetitions; what is of another format is empty."""
        found = red.primary(packet.payload) if packet.payload_type == self._red_payload_type else None
        packet.payload, packet.red = found or b"", packet.payload if found else None

    def _hears(self, number: int, ahead: int, packet: Packet) -> bool:
        """Advance to a newest packet; tell whether it is forwarded. What is not heard leaves no gap to be repaired."""
        heard_before = self._audible
        if packet.payload:
            self._audible = self._measure(packet)
        if not heard_before and ahead > 1:
            self._number.skip(number - 1, ahead - 1)
        self._advance(number, ahead if heard_before else 1, packet)
        if self._audible and not heard_before:
            packet.marker = MARKER  # RFC 3551 section 4.1: the first packet after a silence
        return self._audible and bool(packet.payload)

    def _measure(self, packet: Packet) -> bool:
        """Count how loud a packet is; tell whether the room hears it."""
        level = dbov(packet.elements.get(self._level_id))
        if level is not None:
            self._meter.add(level, packet.timestamp)
        return self.voice is None or self.voice.take(level, packet.arrived)

    def _advance(self, number: int, ahead: int, packet: Packet) -> None:
        if ahead > 1:
            lost = self.missing.gap(number - ahead + 1, number - 1, packet.arrived)
            self._back.send(self._back.nack(self.ssrc, lost))
        self.reception.highest = number
        before, self.last_packet = self.last_packet, packet.arrived
        if packet.arrived - before > SILENT_S:
            self.key_frames.begin(packet.arrived)
            self._wake(packet.arrived)

    def _pass_on(self, packet: Packet, index: int | None) -> None:
        if index is None:
            return
        packet.index = index
        self.codec.inspect(packet)
        if packet.switch_point:
            self.key_frames.came()
        if self.codec.layout is not None and self.parts.arrange(packet.arrived):
            for listener in self.listeners:
                listener.choose(packet.arrived)
        late = index <= self.newest
        if not late:
            self.newest = index
        self.cache.add(packet)
        if len(self.parts):
            self.parts.pass_on(packet, late=late)
            return
        self.plane.forward(packet, self.routes)
        for listener in self.listeners:
            listener.forward(self, packet)

    def _resumes(self, sequence: int) -> bool:
        """Tell whether this far away number follows another one: two in a row are no stray packets."""
        confirmed = sequence == self._resumption
        self._resumption = low16(sequence + 1)
        return confirmed

    def request_key_frame(self, now: float) -> None:
        """Ask the sender for a key frame, unless it has just been asked."""
        if self.key_frames.want(now):
            self._back.send(self._back.pli(self.ssrc))

    def requests(self, now: float) -> list[bytes]:
        """Return the RTCP packets that ask again for what has not come, and let old packets go."""
        self.cache.release(now - CACHED_S, self.newest)
        measure = self.rate.update if now - self.last_packet < SILENT_S else self.rate.skip
        measure(self.reception.octets, self.reception.received, now)
        self.parts.measure(now - CACHED_S, now)
        parts: list[bytes] = []
        if len(self.missing) and (again := self.missing.due(now)):
            parts.append(self._back.nack(self.ssrc, again))
        if self.key_frames.due(now, self.last_packet):
            parts.append(self._back.pli(self.ssrc))
        return parts

    def dump(self) -> dict[str, object]:
        """Describe the layer for the room dump."""
        return {
            "rid": self.rid,
            "ssrc": self.ssrc,
            "bps": round(self.rate.bps),
            "packets": self.reception.received,
            "bytes": self.reception.octets,
            "lost": self.reception.lost,
            "jitter": round(self.reception.jitter),
            "recovered": self.missing.recovered,
            "given_up": self.missing.given_up,
            "duplicates": self.duplicates,
            "key_frame_requests": self.key_frames.asked_total,
            "listeners": len(self.listeners) + len(self.routes),
            "parts": self.parts.dump(),
        }
