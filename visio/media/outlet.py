"""Where packets for one peer leave: encrypted in place, those of a burst handed to the kernel in one train."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from visio.media.aiortc_private import SRTP_ERRORS, Sealer, SrtpKeys
from visio.media.ice import Path

ROOM_BYTES = 16 * 1024
PACKET_MAX_BYTES = 1_350  # plain; what is longer fits no path with room for SRTP
SLOT_BYTES = PACKET_MAX_BYTES + 150  # with the longest trailer of libsrtp
TRAIN_MAX = 32  # packets; the kernel takes 64


class PythonOutlet:
    """Gathers packets of one size until `flush`: UDP segmentation sends six for the price of two."""

    __slots__ = ("_counters", "_end", "_loaded", "_path", "_protect_rtcp", "_seal", "_segment", "_start", "_view")

    def __init__(self, counters: Counter[str], loaded: Callable[[PythonOutlet], None]) -> None:
        self._counters = counters
        self._loaded = loaded
        self._path: Path | None = None
        self._seal: Callable[[int, int], int] | None = None
        self._protect_rtcp: Callable[[bytes], bytes] | None = None
        self._view = memoryview(b"")
        self._start = self._end = self._segment = 0

    def open(self, keys: SrtpKeys) -> None:
        """Encrypt with these keys from now on."""
        room = bytearray(ROOM_BYTES)
        sealer = Sealer(keys, room)
        self._view = memoryview(room)
        self._seal, self._protect_rtcp = sealer.seal, sealer.protect_rtcp

    def aim(self, path: Path | None) -> None:
        """Send to this path from now on, or nowhere."""
        if path is not self._path:
            self.flush()
            self._path = path

    def send_rtp(self, packet: bytes) -> None:
        """Encrypt a packet and put it on the train; dropped and counted when there is no connection."""
        size, end = len(packet), self._end
        if self._seal is None or self._path is None or size > PACKET_MAX_BYTES:
            self._counters["rtp_unsent"] += 1
            return
        if end > ROOM_BYTES - SLOT_BYTES:
            self.flush()
            end = 0
        self._view[end : end + size] = packet
        size = self._seal(end, size)
        if size:
            self._couple(end, size)
        else:
            self._counters["rtp_unsent"] += 1

    def _couple(self, end: int, size: int) -> None:
        """Let an encrypted packet go with those before it: all are of one size, only the last one may be shorter."""
        start, self._end = self._start, end + size
        if start == end:
            self._segment = size
            self._loaded(self)
        elif size > self._segment:
            self._depart(start, end)
            self._start, self._segment = end, size
        elif size < self._segment or self._end - start >= TRAIN_MAX * size:
            self.flush()

    def flush(self) -> None:
        """Send what has been gathered."""
        start, end = self._start, self._end
        self._start = self._end = 0
        if start < end:
            self._depart(start, end)

    def _depart(self, start: int, end: int) -> None:
        if self._path is not None:
            self._path.send_train(self._view[start:end], self._segment)

    def send_rtcp(self, packet: bytes) -> None:
        """Encrypt and send an RTCP packet at once; dropped and counted when there is no connection."""
        if self._protect_rtcp is None or self._path is None:
            self._counters["rtcp_unsent"] += 1
            return
        try:
            self._path.send(self._protect_rtcp(packet))
        except SRTP_ERRORS:
            self._counters["rtcp_unsent"] += 1
