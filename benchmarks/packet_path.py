"""Cost of the packet path alone: microseconds per forwarded packet, without network and encryption.

`python -m benchmarks.packet_path [SUBSCRIBERS ...]` publishes 1,100-byte VP8 packets in bursts of six (a frame) and
160-byte Opus packets to that many subscribers, and prints what one forwarded packet costs this process.
"""

from __future__ import annotations

import argparse
import struct
import time
from dataclasses import dataclass

from visio.media.down_leg import DownLeg
from visio.media.sections import DownSection, Kind, UpSection
from visio.media.serial import low16, low32
from visio.media.up_leg import UpLeg

PACKETS = 6_000
PACKETS_PER_FRAME = 6
SSRC = 0x1234


class Counter:
    """A transport that only counts."""

    def __init__(self) -> None:
        self.packets = 0

    def send_rtp(self, packet: bytes) -> None:  # noqa: ARG002
        """Count a packet."""
        self.packets += 1

    def send_rtcp(self, packet: bytes) -> None:
        """Let a report go."""


@dataclass(frozen=True)
class Stream:
    """What is published: its section and the bytes of one packet's payload."""

    kind: Kind
    codec: str
    clock_rate: int
    payload_type: int
    payload_bytes: int


VIDEO = Stream("video", "video/VP8", 90_000, 96, 1_100)
AUDIO = Stream("audio", "audio/opus", 48_000, 111, 160)


def packets(stream: Stream) -> list[bytes]:
    """Give PACKETS RTP packets of `stream`; video is one key frame and then frames that depend on it."""
    made = []
    for number in range(PACKETS):
        frame, place = divmod(number, PACKETS_PER_FRAME if stream.kind == "video" else 1)
        last = place == PACKETS_PER_FRAME - 1 or stream.kind == "audio"
        head = struct.pack("!BBHII", 0x80, stream.payload_type | 0x80 * last, low16(number), low32(frame * 3_000), SSRC)
        payload = bytes(stream.payload_bytes)
        if stream.kind == "video":
            # RFC 7741: X, then I, then a 15-bit picture id; the start of a partition in a frame's first packet.
            descriptor = struct.pack("!BBH", 0x90 if place == 0 else 0x80, 0x80, 0x8000 | frame & 0x7FFF)
            payload = descriptor + bytes([0 if frame == 0 else 1]) + payload
        made.append(head + payload)
    return made


def cost_us(stream: Stream, subscribers: int) -> float:
    """Give the CPU microseconds per forwarded packet with that many subscribers."""
    up = UpLeg(Counter())
    section = UpSection(
        mid="0",
        kind=stream.kind,
        codec=stream.codec,
        payload_type=stream.payload_type,
        clock_rate=stream.clock_rate,
        ssrcs=(SSRC,),
    )
    track = up.add(section)
    sinks = [Counter() for _ in range(subscribers)]
    for number, sink in enumerate(sinks):
        down = DownSection(mid="0", payload_type=stream.payload_type, ssrc=1_000 + number, cname="benchmark")
        DownLeg(sink).add(track, down, now=0.0)
    published = packets(stream)
    started = time.process_time()
    for number, packet in enumerate(published):
        up.receive_rtp(packet, number / 200)
    spent = time.process_time() - started
    forwarded = sum(sink.packets for sink in sinks)
    if forwarded < 0.99 * PACKETS * subscribers:
        raise SystemExit(f"only {forwarded} of {PACKETS * subscribers} packets were forwarded")
    return spent / forwarded * 1e6


def main() -> None:
    """Print one line per number of subscribers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subscribers", nargs="*", type=int, default=[1, 10, 30, 100])
    for subscribers in parser.parse_args().subscribers:
        video, audio = cost_us(VIDEO, subscribers), cost_us(AUDIO, subscribers)
        print(f"{subscribers:4} subscribers: video {video:5.2f} us, audio {audio:5.2f} us per forwarded packet")


if __name__ == "__main__":
    main()
