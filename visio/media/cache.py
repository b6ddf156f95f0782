"""A ring of the newest packets of one layer, kept once for all subscribers to serve their NACKs."""

from visio.media.rtp import Packet


class PacketCache:
    """Packets by index; a new one pushes out the one that is `size` behind it."""

    __slots__ = ("_oldest", "_ring", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._ring: list[Packet | None] = [None] * size
        self._oldest: int | None = None

    def add(self, packet: Packet) -> None:
        """Keep a packet under its index."""
        if self._oldest is None:
            self._oldest = packet.index
        self._ring[packet.index % self._size] = packet

    def get(self, index: int) -> Packet | None:
        """Return the packet with this index while it is still here."""
        packet = self._ring[index % self._size]
        return packet if packet is not None and packet.index == index else None

    def release(self, before: float, newest: int) -> None:
        """Forget what arrived before a moment, so that slow layers do not hold minutes of packets."""
        if self._oldest is None:
            return
        index = max(self._oldest, newest - self._size + 1)
        while index <= newest:
            packet = self._ring[index % self._size]
            if packet is not None and packet.arrived >= before:
                break
            self._ring[index % self._size] = None
            index += 1
        self._oldest = index
