"""What flows in a benchmark: a publisher in real time, and receivers that say what real ones say."""

from __future__ import annotations

import os
import select
import struct
import time
from array import array
from dataclasses import dataclass

from benchmarks import descriptions
from benchmarks.peer import CIPHER, READ_BYTES, Peer
from visio.media import extensions, feedback, rtcp, rtp
from visio.media.rtcp import ReportBlock
from visio.media.sections import Kind
from visio.media.serial import low15, low16, low32, unwrap16
from visio.media.transport_feedback import TICK_HZ, Feedback, write_feedback

CHECK_S = 2.5  # libwebrtc's interval on a connection that works
REPORT_S = 1.0
FEEDBACK_S = 0.08  # libwebrtc sends 10 to 20 a second
STEP_S = 0.002
FEEDBACK_MAX = 400
QUIET_S = 0.01
QUICKEST_S = 0.0005  # from publisher to receiver
MAGIC = b"bench"
_MARK = struct.Struct("!5sQQ")
_HEAD = struct.Struct("!BBHIIHH")


@dataclass(frozen=True)
class Pattern:
    """What one publisher sends of a kind: packets of `size` payload bytes, `burst` at a time."""

    kind: Kind
    size: int
    burst: int
    packets_per_s: float
    clock_hz: int

    def __str__(self) -> str:
        rhythm = f"in bursts of {self.burst}" if self.burst > 1 else "evenly spaced"
        return f"{self.kind}: {self.packets_per_s:g} packets/s of {self.size} B payload {rhythm}, {CIPHER}"


VIDEO = Pattern("video", 1_100, 6, 170.0, 90_000)
AUDIO = Pattern("audio", 160, 1, 50.0, 48_000)
PATTERNS: dict[str, Pattern] = {"video": VIDEO, "audio": AUDIO}


class Publisher:
    """Sends one pattern; `sent_at` remembers when each packet left, with those of the other publishers of a room."""

    def __init__(self, peer: Peer, pattern: Pattern, sent_at: array[float]) -> None:
        self.peer, self.pattern = peer, pattern
        self.sent_at = sent_at
        self.sent = 0
        self._bursts = 0
        self._wide = 0
        self._key = True
        self._due = 0.0
        self._sequence = int.from_bytes(os.urandom(2), "big") >> 1
        self._descriptor = bytes(8)
        self._reported = self._checked = 0.0

    def request_key_frame(self) -> None:
        """Begin anew with the next picture."""
        self._key = True

    def run(self, now: float) -> None:
        """Send the burst that is due."""
        if now < self._due:
            return
        pause = self.pattern.burst / self.pattern.packets_per_s
        self._due = max(self._due + pause, now - pause)
        self._bursts += 1
        timestamp = low32(int(self._bursts * pause * self.pattern.clock_hz))
        for place in range(self.pattern.burst):
            self._send(place, timestamp)
        self._key = False

    def _send(self, place: int, timestamp: int) -> None:
        pattern, number, now = self.pattern, len(self.sent_at), time.monotonic()
        last = place == pattern.burst - 1
        mark = 0x80 * (last and pattern.kind == "video")
        element = rtp.number_element(descriptions.EXTENSIONS[extensions.TRANSPORT_SEQUENCE])
        level = bytes((descriptions.EXTENSIONS[extensions.AUDIO_LEVEL] << 4, 20))
        payload_type = descriptions.PAYLOAD_TYPES[pattern.kind]
        ssrc = descriptions.SSRCS[pattern.kind]
        sequence = low16(self._sequence + self.sent)
        head = _HEAD.pack(0x90, mark | payload_type, sequence, timestamp, ssrc, extensions.ONE_BYTE_PROFILE, 2)
        wide = struct.pack("!I", element | low16(self._wide) << 8)[:3]
        mid = bytes((descriptions.EXTENSIONS[extensions.MID] << 4, 48))
        block = wide + level + mid
        body = _MARK.pack(MAGIC, number, time.monotonic_ns())
        if pattern.kind == "video":
            starts = place == 0
            picture = struct.pack("!BBH", 0x90 if starts else 0x80, 0x80, 0x8000 | low15(self._bursts))
            body = picture + bytes((0 if self._key and starts else 1,)) + body
        packet = head + block + bytes(8 - len(block)) + body + bytes(pattern.size - len(body))
        self._wide += 1
        self.sent += 1
        self.sent_at.append(now)
        self.peer.socket.send(self.peer.protect(packet))

    def report(self, now: float) -> None:
        """Send the sender report and the checks that are due."""
        if now - self._reported >= REPORT_S:
            self._reported = now
            ntp = int((now + 2_208_988_800) * (1 << 32))
            ssrc, timestamp = descriptions.SSRCS[self.pattern.kind], int(now * self.pattern.clock_hz)
            report = rtcp.SenderReport(ssrc, ntp, timestamp, self.sent, 0)
            self.peer.socket.send(self.peer.protect_rtcp(rtcp.write_sender_report(report)))
        if now - self._checked >= CHECK_S:
            self._checked = now
            self.peer.check()

    def hear(self) -> None:
        """Read what the server says; key frames are made when it asks for one."""
        for data in _incoming(self.peer):
            for item in rtcp.read(data):
                if (item.kind, item.count) in ((feedback.PAYLOAD, feedback.PLI), (feedback.PAYLOAD, feedback.FIR)):
                    self.request_key_frame()


class Receiver:
    """Gets the track of each publisher, counts, samples and reports as a real receiver does."""

    def __init__(self, peer: Peer, pattern: Pattern, sent_at: array[float]) -> None:
        self.peer, self._size, self._sent_at = peer, pattern.size, sent_at
        self.latencies_s: list[float] = []
        self.feedbacks = self.strange = 0
        self._source = self._newest = 0
        self._shift: int | None = None  # of the transport-wide number of a packet against its place in the stream
        self._start: int | None = None  # place from which on arrivals are known
        self._times = array("d")
        self._told = 0
        self._arrived = 0
        self._visited = self._checked = self._reported = self._fed = 0.0

    def hear(self) -> None:
        """Read what the filter has let through."""
        for data in _incoming(self.peer):
            self._sample(data)

    def _sample(self, data: bytes) -> None:
        """Check a decrypted packet; RTCP needs no answer here."""
        packet = rtp.parse(data, time.monotonic()) if not 192 <= data[1] < 224 else None
        if packet is None:
            return
        place = packet.payload.find(MAGIC)
        if place < 0 or len(packet.payload) != self._size:
            self.strange += 1
            return
        _, number, sent_ns = _MARK.unpack_from(packet.payload, place)
        self.latencies_s.append((time.monotonic_ns() - sent_ns) / 1e9)
        self._source, self._newest = packet.ssrc, unwrap16(packet.sequence, self._newest)
        element = packet.elements.get(descriptions.EXTENSIONS[extensions.TRANSPORT_SEQUENCE])
        if element is not None and len(element) == 2:
            self._shift = unwrap16(int.from_bytes(element, "big"), number + (self._shift or 0)) - number

    def run(self, now: float) -> None:
        """Send what is due."""
        self._visit(now)
        if now - self._checked >= CHECK_S:
            self._checked = now
            self.peer.check()
        if self._source and now - self._reported >= REPORT_S:
            self._reported = now
            block = ReportBlock(self._source, 0, 0, low32(self._newest), 20, 0, 0)
            self.peer.socket.send(self.peer.protect_rtcp(rtcp.write_receiver_report(self.peer.ssrc, [block])))
        if self._shift is not None and self._start is not None and now - self._fed >= FEEDBACK_S:
            self._fed = now
            self._feed(self._start, self._shift)

    def _visit(self, now: float) -> None:
        """Date what has arrived since the last visit: not before it was sent, and not before that visit."""
        arrived, sent_at = self.peer.arrived(), self._sent_at
        if self._start is None:
            if self._shift is not None and now - sent_at[-1] > QUIET_S:  # everything has arrived
                self._start = self._told = len(sent_at)
        else:
            place = self._start + len(self._times)
            for sent in sent_at[place : place + arrived - self._arrived]:
                self._times.append(min(now, max(self._visited, sent + QUICKEST_S)))
        self._arrived, self._visited = arrived, now

    def _feed(self, start: int, shift: int) -> None:
        """Report on all packets that have arrived since the last report."""
        first, end = max(self._told, start + len(self._times) - FEEDBACK_MAX), start + len(self._times)
        if first >= end:
            return
        ticks = tuple(int(at * TICK_HZ) for at in self._times[first - start :])
        data, covered = write_feedback(self.peer.ssrc, self._source, Feedback(first + shift, self.feedbacks, ticks))
        self.feedbacks += 1
        self._told = first + covered
        self.peer.socket.send(self.peer.protect_rtcp(data))


def _incoming(peer: Peer) -> list[bytes]:
    """Return the RTP and RTCP packets that wait, decrypted; checks are answered."""
    found: list[bytes] = []
    while True:
        try:
            data = peer.socket.recv(READ_BYTES)
        except (BlockingIOError, ConnectionRefusedError):
            return found
        if data[0] < 4:
            if data[:2] == b"\0\1":
                peer.answer(data)
        elif 128 <= data[0] < 192:
            is_control = 192 <= data[1] < 224
            peer.read += not is_control
            found.append(peer.unprotect_rtcp(data) if is_control else peer.unprotect(data))


class Call:
    """Publishers and their receivers, driven by one loop."""

    def __init__(self, publishers: list[Publisher], receivers: list[Receiver]) -> None:
        self.publishers, self.receivers = publishers, receivers
        self._poll = select.epoll()
        self._by_number: dict[int, Publisher | Receiver] = {one.peer.socket.fileno(): one for one in publishers}
        self._by_number |= {receiver.peer.socket.fileno(): receiver for receiver in receivers}
        for number in self._by_number:
            self._poll.register(number, select.EPOLLIN)

    def run(self, seconds: float, *, publishing: bool) -> None:
        """Let time pass."""
        end = time.monotonic() + seconds
        turn = 0
        while (now := time.monotonic()) < end:
            for publisher in self.publishers:
                if publishing:
                    publisher.run(now)
                publisher.report(now)
            for receiver in self.receivers[turn % 4 :: 4]:  # not all in one moment, as they joined at different ones
                receiver.run(now)
            turn += 1
            for number, _ in self._poll.poll(STEP_S, 256):
                self._by_number[number].hear()

    def close(self) -> None:
        """Close every socket."""
        self._poll.close()
        for publisher in self.publishers:
            publisher.peer.close()
        for receiver in self.receivers:
            receiver.peer.close()
