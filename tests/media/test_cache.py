"""The ring of cached packets."""

from tests.media import streams_of
from visio.media.cache import PacketCache
from visio.media.rtp import Packet


def numbered(index: int, arrived: float = 0.0) -> Packet:
    packet = streams_of.read(streams_of.packet(), arrived)
    packet.index = index
    return packet


def filled(size: int, indexes: range) -> PacketCache:
    cache = PacketCache(size)
    for index in indexes:
        cache.add(numbered(index, arrived=float(index)))
    return cache


def test_it_works() -> None:
    packet = numbered(7)
    cache = PacketCache(4)
    cache.add(packet)
    assert cache.get(7) is packet


def test_a_new_packet_pushes_out_the_oldest() -> None:
    cache = filled(4, range(5))
    assert cache.get(0) is None
    assert cache.get(4) is not None
    assert cache.get(8) is None


def test_indexes_below_zero_have_places_too() -> None:
    assert filled(4, range(-2, 2)).get(-2) is not None


def test_old_packets_are_released() -> None:
    cache = filled(8, range(8))
    cache.release(5.0, newest=7)
    assert [index for index in range(8) if cache.get(index)] == [5, 6, 7]


def test_release_passes_over_gaps_and_may_come_again() -> None:
    cache = filled(8, range(0, 8, 2))
    cache.release(3.0, newest=6)
    cache.release(100.0, newest=6)
    assert not any(cache.get(index) for index in range(8))


def test_an_empty_cache_has_nothing_to_release() -> None:
    PacketCache(4).release(1.0, newest=0)
