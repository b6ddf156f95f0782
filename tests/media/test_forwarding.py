"""A publisher, an up leg, a down leg and a subscriber over paths that lose, delay and reorder."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.media.streams_of import DOWN, DOWN_RTX, SIMULCAST, Layer, Sink, read
from visio.media import feedback, rtcp
from visio.media.down_leg import DownLeg
from visio.media.rtp import restore
from visio.media.sections import DownSection
from visio.media.serial import low16, unwrap16
from visio.media.up_leg import UpLeg

Arrival = tuple[float, int, Callable[[bytes, float], None], bytes]


@dataclass
class Path:
    """Carries datagrams with delay and jitter, and loses some."""

    random: Random
    loss: float
    jitter_s: float
    delay_s: float = 0.02
    arrivals: list[Arrival] = field(default_factory=list)
    carried: int = 0

    def carry(self, data: bytes, to: Callable[[bytes, float], None], now: float) -> None:
        self.carried += 1
        if self.random.random() >= self.loss:
            at = now + self.delay_s + self.random.random() * self.jitter_s
            heapq.heappush(self.arrivals, (at, self.carried, to, data))

    def deliver(self, now: float) -> None:
        while self.arrivals and self.arrivals[0][0] <= now:
            at, _, to, data = heapq.heappop(self.arrivals)
            to(data, at)


class Subscriber:
    """Keeps what it got by number, and asks for what is missing."""

    def __init__(self) -> None:
        self.payloads: dict[int, bytes] = {}
        self.newest = 0

    def receive(self, data: bytes, _now: float) -> None:
        packet = read(data)
        if packet.ssrc == DOWN_RTX.rtx_ssrc:
            assert restore(packet)
        number = unwrap16(packet.sequence, self.newest) if self.payloads else packet.sequence
        assert self.payloads.get(number, packet.payload) == packet.payload
        self.payloads[number] = packet.payload
        self.newest = max(self.newest, number)

    def missing(self) -> list[int]:
        return [number for number in range(min(self.payloads), self.newest) if number not in self.payloads]


class Call:
    """One simulcast layer from a publisher to a subscriber, in steps of 5 ms."""

    def __init__(self, section: DownSection, seed: int, loss: float, jitter_s: float) -> None:
        self.path = Path(Random(seed), loss, jitter_s)  # noqa: S311 - the same losses each time
        self.up_sink, self.down_sink = Sink(), Sink()
        self.up, self.down = UpLeg(self.up_sink), DownLeg(self.down_sink)
        self.down.add(self.up.add(SIMULCAST), section, 0.0)
        self.layer = Layer("h", 700, sequence=65400)
        self.subscriber = Subscriber()
        self.wanted = True  # a key frame

    def step(self, number: int, *, sending: bool) -> None:
        now = number * 0.005
        if sending and number % 6 == 0:
            for data in self.layer.frame(key=self.wanted):
                self.path.carry(data, self.up.receive_rtp, now)
            self.wanted = False
            if number % 30 == 0 and not self.path.loss:  # libwebrtc keeps no probes to send them again
                self.path.carry(self.layer.padding(), self.up.receive_rtp, now)
        if number % 10 == 0:
            self.up.tick(now)
            self.down.tick(now)
        if number % 20 == 0 and self.subscriber.payloads:
            nack = feedback.write_nack(1, 9000, self.subscriber.missing())
            self.path.carry(nack, self.down.receive_rtcp, now)
        self.exchange(now)

    def exchange(self, now: float) -> None:
        self.path.deliver(now)
        for data in self.up_sink.rtcp:
            self.path.carry(data, self.publisher, now)
        for data in self.down_sink.rtp:
            self.path.carry(data, self.subscriber.receive, now)
        self.up_sink.rtcp.clear()
        self.down_sink.rtp.clear()

    def publisher(self, data: bytes, now: float) -> None:
        """Answer the server's requests as libwebrtc does."""
        for item in rtcp.read(data):
            if (item.kind, item.count) == (feedback.PAYLOAD, feedback.PLI):
                self.wanted = True
            elif (item.kind, item.count) == (feedback.TRANSPORT, feedback.NACK):
                for number in feedback.read_nack(item, self.layer.sequence):
                    if low16(number) in self.layer.sent:
                        self.path.carry(self.layer.repair(number), self.up.receive_rtp, now)

    def run(self, steps: int) -> None:
        for number in range(steps):
            self.step(number, sending=number < steps - 400)


@pytest.mark.parametrize("section", [DOWN, DOWN_RTX], ids=["same-ssrc", "rtx"])
@pytest.mark.parametrize(("loss", "jitter_s"), [(0.0, 0.0), (0.0, 0.03), (0.1, 0.0), (0.1, 0.03)])
def test_every_packet_arrives_in_the_end(section: DownSection, loss: float, jitter_s: float) -> None:
    call = Call(section, seed=5, loss=loss, jitter_s=jitter_s)
    call.run(3000)
    assert call.subscriber.missing() == []
    sent = [read(data).payload for data in call.layer.sent.values()]
    got = [payload for _, payload in sorted(call.subscriber.payloads.items()) if payload]
    start = sent.index(got[0])
    assert got == [payload for payload in sent[start:] if payload][: len(got)]
    assert len(got) > 700


def test_padding_takes_no_place_when_nothing_is_lost() -> None:
    call = Call(DOWN, seed=1, loss=0.0, jitter_s=0.0)
    call.run(1000)
    assert b"" not in call.subscriber.payloads.values()
    assert call.subscriber.missing() == []
