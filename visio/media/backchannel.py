"""What one up leg tells its peer about the streams that arrive from it."""

from collections.abc import Sequence

from visio.media.feedback import write_nack, write_pli
from visio.media.numbers import new_ssrc
from visio.media.rtcp import MAX_BLOCKS, ReportBlock, bundle, write_description, write_receiver_report
from visio.media.sections import PacketSink

CNAME = "visio"


class Backchannel:
    """Writes RTCP under one SSRC of ours."""

    __slots__ = ("_sink", "nacks", "plis", "ssrc")

    def __init__(self, sink: PacketSink) -> None:
        self._sink = sink
        self.ssrc = new_ssrc()
        self.nacks = 0  # packets asked for
        self.plis = 0

    def send(self, *parts: bytes) -> None:
        """Send RTCP packets in as few datagrams as they fit in."""
        for datagram in bundle(parts):
            self._sink.send_rtcp(datagram)

    def nack(self, source: int, lost: Sequence[int]) -> bytes:
        """Return a request for lost packets, by ascending whole sequence numbers."""
        self.nacks += len(lost)
        return write_nack(self.ssrc, source, lost)

    def pli(self, source: int) -> bytes:
        """Return a request for a key frame."""
        self.plis += 1
        return write_pli(self.ssrc, source)

    def reports(self, blocks: list[ReportBlock]) -> list[bytes]:
        """Return receiver reports with our description, as a compound packet must begin (RFC 3550 section 6.1)."""
        parts: list[bytes] = []
        for start in range(0, len(blocks), MAX_BLOCKS):
            report = write_receiver_report(self.ssrc, blocks[start : start + MAX_BLOCKS])
            parts.append(report + write_description(self.ssrc, CNAME))
        return parts
