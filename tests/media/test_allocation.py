"""Sharing out what a connection carries."""

from hypothesis import given
from hypothesis import strategies as st

from visio.media.congestion.allocation import PAUSED, Budget, Demand, allocate

LAYERS = (100.0, 300.0, 900.0)


def wide(bps: float) -> Budget:
    """Return a budget without reserve."""
    return Budget(bps, bps, bps)


def test_everybody_gets_what_fits() -> None:
    assert allocate(wide(10_000), [Demand(0, LAYERS), Demand(0, LAYERS[:2])]) == [2, 1]


def test_nothing_fits_nothing() -> None:
    assert allocate(wide(-50), [Demand(2, LAYERS), Demand(0, LAYERS)]) == [PAUSED, PAUSED]


def test_the_smallest_picture_of_all_comes_before_a_better_one_of_any() -> None:
    assert allocate(wide(450), [Demand(0, LAYERS), Demand(1, LAYERS)]) == [0, 1]
    assert allocate(wide(300), [Demand(0, LAYERS), Demand(1, LAYERS)]) == [0, 0]


def test_the_higher_priority_is_served_first() -> None:
    assert allocate(wide(150), [Demand(0, LAYERS), Demand(1, LAYERS)]) == [PAUSED, 0]


def test_pictures_of_one_priority_grow_in_step() -> None:
    assert allocate(wide(900), [Demand(0, LAYERS)] * 2) == [1, 1]


def test_what_is_there_stays_where_something_better_needs_more_room() -> None:
    assert allocate(Budget(300, 270, 300), [Demand(0, LAYERS, current=1)]) == [1]
    assert allocate(Budget(300, 270, 300), [Demand(0, LAYERS, current=0)]) == [0]
    assert allocate(Budget(330, 300, 300), [Demand(0, LAYERS, current=0)]) == [1]


def test_who_has_the_better_picture_keeps_it() -> None:
    assert allocate(wide(450), [Demand(0, LAYERS, current=0), Demand(0, LAYERS, current=1)]) == [0, 1]
    assert allocate(wide(150), [Demand(0, LAYERS), Demand(0, LAYERS, current=0)]) == [PAUSED, 0]


def test_better_pictures_come_a_few_at_a_time() -> None:
    assert allocate(Budget(1e6, 1e6, 400), [Demand(0, LAYERS, current=0)] * 3) == [1, 1, 0]
    assert allocate(Budget(1e6, 1e6, 1), [Demand(0, LAYERS, current=0)] * 3) == [1, 0, 0]
    assert allocate(Budget(1e6, 1e6, 0), [Demand(0, LAYERS, current=0), Demand(0, LAYERS)]) == [0, PAUSED]


@given(
    st.floats(0, 1e4),
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.floats(1, 1e3), min_size=1, max_size=3), st.integers(-1, 2))),
)
def test_the_budget_is_kept(budget_bps: float, wishes: list[tuple[int, list[float], int]]) -> None:
    demands = [Demand(rank, tuple(sorted(rates)), min(now, len(rates) - 1)) for rank, rates, now in wishes]
    places = allocate(wide(budget_bps), demands)
    assert sum(d.rate(place) for d, place in zip(demands, places, strict=True)) <= budget_bps + 1e-6
