"""A subscriber behind a path of some capacity, in simulated time: for tests of congestion control."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from random import Random

from tests.media import streams_of
from tests.media.streams_of import SIMULCAST, Sink, vp8
from visio.media import extensions, rtp
from visio.media.down_leg import DownLeg
from visio.media.rates import PACKET_BYTES
from visio.media.sections import DownSection
from visio.media.serial import low16
from visio.media.transport_feedback import TICK_HZ, Feedback, write_feedback
from visio.media.up_leg import UpLeg

FPS = 25
RATES_BPS = {"q": 150_000, "h": 500_000, "f": 1_700_000}
FEEDBACK_S = 0.05  # as libwebrtc does from 218 kbit/s on
BODY_BYTES = 1100
RECEIVER_AHEAD_S = 1000.0  # its clock is another one


class Publisher:
    """Sends three layers of a picture, or one tone."""

    def __init__(self, *, sound: bool = False) -> None:
        self.leg = UpLeg(Sink())
        section = streams_of.AUDIO if sound else SIMULCAST
        self.track = self.leg.add(section)
        self.every = 2 if sound else 4  # steps of 10 ms
        self._sound = sound
        self._sequences = dict.fromkeys(RATES_BPS, 100)
        self._frames = count(1)

    def frame(self, now: float) -> None:
        """Send what is due each 20 or 40 ms."""
        number = next(self._frames)
        if self._sound:
            data = streams_of.packet(bytes(100), sequence=number, timestamp=number * 960)
            self.leg.receive_rtp(data, now)
            return
        for place, (rid, bps) in enumerate(RATES_BPS.items()):
            self._picture(rid, 700 + place, bps // FPS // 8, number, now)

    def _picture(self, rid: str, ssrc: int, size: int, number: int, now: float) -> None:
        layer = self.track.layer(rid)
        key = layer is None or layer.key_frames.wanted or number % 100 == 1
        sizes = [min(BODY_BYTES, size - at) for at in range(0, size, BODY_BYTES)]
        for place, body in enumerate(sizes):
            data = streams_of.packet(
                vp8(number, number, key=key, start=place == 0, body=bytes(body)),
                payload_type=streams_of.VP8,
                sequence=self._sequences[rid],
                timestamp=number * 90_000 // FPS,
                ssrc=ssrc,
                marker=place == len(sizes) - 1,
                elements={extensions.MID: b"2", extensions.STREAM_ID: rid.encode()},
            )
            self._sequences[rid] += 1
            self.leg.receive_rtp(data, now)


class NarrowPath:
    """Carries what a leg sends at `bps` through a queue that drops what would wait longer than `queue_s`."""

    def __init__(
        self,
        bps: float,
        *,
        queue_s: float = 0.5,
        delay_s: float = 0.02,
        loss: float = 0.0,
        ahead_s: float = RECEIVER_AHEAD_S,
    ) -> None:
        self.bps, self.queue_s, self.delay_s, self.loss = bps, queue_s, delay_s, loss
        self.ahead_s = ahead_s  # the receiver's clock
        self.now = 0.0
        self.reports = True
        self.leg = DownLeg(self)
        self.waits: list[tuple[float, float]] = []  # when a packet was sent, and how long it waited
        self.received = 0
        self._free = 0.0
        self._random = Random(7)  # noqa: S311  (a path, no secret)
        self._arrivals: list[tuple[float, int, int]] = []
        self._seen: dict[int, float] = {}
        self._base: int | None = None
        self._highest = -1
        self._reported = 0.0
        self._answers: list[tuple[float, int, bytes]] = []
        self._order = count()

    def subscribe(self, publisher: Publisher, ssrc: int) -> None:
        """Send a publisher's track over this path."""
        section = DownSection("m", 101, ssrc, "PA", 102, ssrc + 1, {extensions.TRANSPORT_SEQUENCE: 5})
        self.leg.add(publisher.track, section, self.now)

    def send_rtp(self, packet: bytes) -> None:
        """Take a packet of the leg."""
        read = rtp.parse(packet, self.now)
        assert read is not None
        number = int.from_bytes(read.elements[5], "big")
        start = max(self.now, self._free)
        if start - self.now > self.queue_s:
            return
        self._free = start + (len(packet) - 20 + PACKET_BYTES) * 8 / self.bps
        self.waits.append((self.now, self._free - self.now))
        if self._random.random() >= self.loss:
            heapq.heappush(self._arrivals, (self._free + self.delay_s, next(self._order), number))

    def send_rtcp(self, packet: bytes) -> None:
        """Let reports go."""

    def run(self, seconds: float, publishers: list[Publisher], each: Callable[[], None] = lambda: None) -> None:
        """Let time pass in steps of 10 ms."""
        for _ in range(round(seconds * 100)):
            self.now = round(self.now + 0.01, 3)
            step = round(self.now * 100)
            for publisher in publishers:
                if step % publisher.every == 0:
                    publisher.frame(self.now)
            self._receive()
            if step % 5 == 0:
                self.leg.tick(self.now)
                for publisher in publishers:
                    publisher.leg.tick(self.now)
            each()

    def _receive(self) -> None:
        while self._arrivals and self._arrivals[0][0] <= self.now:
            at, _, number = heapq.heappop(self._arrivals)
            self.received += 1
            self._seen[number] = at
            self._highest = max(self._highest, number)
            self._base = number if self._base is None else self._base
        if self.reports and self._seen and self.now - self._reported >= FEEDBACK_S and self._base is not None:
            self._report(self._base)
        while self._answers and self._answers[0][0] <= self.now:
            self.leg.receive_rtcp(heapq.heappop(self._answers)[2], self.now)

    def _report(self, base: int) -> None:
        self._reported = self.now
        times = [self._seen.get(low16(n)) for n in range(base, self._highest + 1)]
        ticks = tuple(None if at is None else int((at + self.ahead_s) * TICK_HZ) for at in times)
        data, _ = write_feedback(1, 2, Feedback(base, 0, ticks))
        heapq.heappush(self._answers, (self.now + self.delay_s, next(self._order), data))
        self._base = self._highest + 1
        self._seen.clear()

    def pictures_bps(self) -> list[int]:
        """Return the rate of the layer that each picture is sent in, 0 for those that are paused."""
        pictures = [down for down in self.leg._downs.values() if down.track.kind == "video"]
        return [0 if down.layer is None else RATES_BPS[down.layer.rid] for down in pictures]

    def waited_s(self, since: float) -> float:
        """Return the longest time that a packet waited which was sent since a moment."""
        return max((wait for sent, wait in self.waits if sent >= since), default=0.0)
