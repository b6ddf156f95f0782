"""When memory is given back."""

from __future__ import annotations

from visio.media.heap import PERIOD_S, Heap


class Watched:
    """A heap that writes down what it does."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.heap = Heap(self._trim, self._collect)

    def _trim(self, _pad: int) -> int:
        self.did.append("trim")
        return 1

    def _collect(self) -> int:
        self.did.append("collect")
        return 0


def test_it_waits_for_a_room_to_end_and_for_its_time() -> None:
    watched = Watched()
    watched.heap.tick(100.0, is_idle=True)
    assert watched.did == []
    watched.heap.freed()
    watched.heap.tick(101.0, is_idle=True)
    watched.heap.freed()
    watched.heap.tick(102.0, is_idle=True)
    assert watched.did == ["collect", "trim"]
    watched.heap.tick(101.0 + PERIOD_S, is_idle=True)
    watched.heap.tick(102.0 + 2 * PERIOD_S, is_idle=True)
    assert watched.did == ["collect", "trim"] * 2


def test_nobody_is_kept_waiting_by_a_collection() -> None:
    watched = Watched()
    watched.heap.freed()
    watched.heap.tick(100.0, is_idle=False)
    assert watched.did == ["trim"]
    watched.heap.tick(101.0, is_idle=True)
    assert watched.did == ["trim", "collect", "trim"]


def test_the_real_one_is_there_and_harmless() -> None:
    heap = Heap()
    heap.freed()
    heap.tick(PERIOD_S, is_idle=True)
