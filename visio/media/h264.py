"""H.264 payloads: finding where a subscriber can start (RFC 6184)."""

from visio.media.frame_kinds import Flat
from visio.media.rtp import Packet

IDR, PARAMETERS = 5, 7  # a coded picture that stands alone, and a sequence parameter set
AGGREGATE, FRAGMENT = 24, 28  # STAP-A and FU-A
_STARTS = (IDR, PARAMETERS)
_AGGREGATED_MAX = 16  # units looked at in one aggregate


class H264(Flat):
    """Both packetization modes; there are no numbers to rewrite."""

    def inspect(self, packet: Packet) -> None:
        """Find whether a sequence or a picture that stands alone starts here (RFC 6184 sections 5.6 to 5.8)."""
        payload = packet.payload
        kind = payload[0] & 0x1F if payload else 0
        if kind == FRAGMENT:
            packet.switch_point = len(payload) > 1 and bool(payload[1] & 0x80) and payload[1] & 0x1F in _STARTS
        elif kind == AGGREGATE:
            packet.switch_point = any(unit in _STARTS for unit in _aggregated(payload))
        else:
            packet.switch_point = kind in _STARTS

    def shift(
        self,
        last: Packet,  # noqa: ARG002
        shift: tuple[int, int],  # noqa: ARG002
        first: Packet,  # noqa: ARG002
        *,
        within: bool = False,  # noqa: ARG002
    ) -> tuple[int, int]:
        """Return no shift: there is nothing to renumber."""
        return 0, 0

    def rewrite(self, packet: Packet, shift: tuple[int, int]) -> bytes:  # noqa: ARG002
        """Return the payload as it is."""
        return packet.payload


def _aggregated(payload: bytes) -> list[int]:
    """Return the types of the units in an aggregate, as far as it is whole."""
    kinds: list[int] = []
    position = 1
    while position + 2 < len(payload) and len(kinds) < _AGGREGATED_MAX:
        kinds.append(payload[position + 2] & 0x1F)
        position += 2 + int.from_bytes(payload[position : position + 2], "big")
    return kinds
