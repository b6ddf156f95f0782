"""Sharing out what a connection carries."""

from hypothesis import given
from hypothesis import strategies as st

from visio.media.congestion.allocation import PAUSED, WHOLE, Budget, Demand, allocate, rank
from visio.media.up_track import Priority

LAYERS = (100.0, 300.0, 900.0)
SCREEN = int(Priority.SCREEN)


def wide(bps: float) -> Budget:
    """Return a budget without reserve."""
    return Budget(bps, bps, float("inf"))


def test_everybody_gets_what_fits() -> None:
    assert allocate(wide(10_000), [Demand(0, LAYERS), Demand(0, LAYERS[:2])]) == [2, 1]


def test_nothing_fits_nothing() -> None:
    assert allocate(wide(-50), [Demand(SCREEN, LAYERS), Demand(0, LAYERS)]) == [PAUSED, PAUSED]


def test_a_shared_screen_is_whole_before_cameras_get_anything() -> None:
    screen, speaker, camera = Demand(SCREEN, (200.0, 900.0)), Demand(1, LAYERS), Demand(0, LAYERS)
    assert allocate(wide(1_000), [camera, camera, screen]) == [0, PAUSED, 1]
    assert allocate(wide(1_000), [camera, speaker, screen]) == [PAUSED, 0, 1]
    assert allocate(wide(1_300), [camera, speaker, screen]) == [0, 1, 1]


def test_a_screen_whose_better_picture_does_not_fit_leaves_the_rest_to_others() -> None:
    assert allocate(wide(700), [Demand(SCREEN, (200.0, 900.0)), Demand(1, LAYERS), Demand(0, LAYERS)]) == [0, 1, 0]


def test_what_a_subscriber_asks_for_comes_before_everything() -> None:
    first, second = Demand(rank(0, 1), LAYERS), Demand(rank(0, 2), LAYERS)
    assert allocate(wide(1_000), [Demand(SCREEN, LAYERS), second, first]) == [PAUSED, 0, 2]
    assert rank(1, 0) == 1
    assert rank(0, 2**32 - 1) > SCREEN


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


WISHES = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.floats(1, 1e3), min_size=1, max_size=3), st.integers(-1, 2)), max_size=12
)


def demands_of(wishes: list[tuple[int, list[float], int]]) -> list[Demand]:
    """Return demands whose layers grow."""
    return [Demand(place, tuple(sorted(rates)), min(now, len(rates) - 1)) for place, rates, now in wishes]


def spent(demands: list[Demand], places: list[int]) -> float:
    return sum(demand.rate(place) for demand, place in zip(demands, places, strict=True))


def test_screens_are_served_whole() -> None:
    assert SCREEN >= WHOLE > Priority.SPEAKER


@given(st.floats(0, 1e4), WISHES)
def test_the_budget_is_kept(budget_bps: float, wishes: list[tuple[int, list[float], int]]) -> None:
    demands = demands_of(wishes)
    assert spent(demands, allocate(wide(budget_bps), demands)) <= budget_bps + 1e-6


@given(st.floats(0, 1e4), WISHES)
def test_nobody_takes_room_from_a_higher_priority(
    budget_bps: float, wishes: list[tuple[int, list[float], int]]
) -> None:
    """Those below do not change what those above get."""
    demands = demands_of(wishes)
    alone = [demand for demand in demands if demand.priority >= WHOLE]
    places = allocate(wide(budget_bps), demands)
    shown = [place for demand, place in zip(demands, places, strict=True) if demand.priority >= WHOLE]
    assert shown == allocate(wide(budget_bps), alone)
