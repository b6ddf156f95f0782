"""Sharing out again and again: margins, caution after a failure, and what would have to be proved for more."""

import dataclasses
import itertools

from hypothesis import given
from hypothesis import strategies as st

from visio.media.congestion.allocation import PAUSED, Demand
from visio.media.congestion.sharing import FAILURE_S, MARGIN, Sharing

LAYERS = (100.0, 300.0)


def share(sharing: Sharing, budget_bps: float, demand: Demand, now: float, *, calm: bool = True) -> int:
    """Share out among one picture."""
    (place,) = sharing.share(budget_bps, 0.0, [demand], now, calm=calm, draining=not calm)
    return place


def test_a_better_picture_needs_a_margin_and_the_present_one_does_not() -> None:
    assert share(Sharing(), 300, Demand(0, LAYERS, 0), 1.0) == 0
    assert share(Sharing(), 300, Demand(0, LAYERS, 1), 1.0) == 1
    assert share(Sharing(), 301 * MARGIN, Demand(0, LAYERS, 0), 1.0) == 1


def test_nothing_gets_better_while_there_is_a_queue() -> None:
    assert share(Sharing(), 1000, Demand(0, LAYERS, PAUSED), 1.0, calm=False) == PAUSED


def test_who_went_up_too_soon_needs_more_next_time() -> None:
    sharing = Sharing()
    assert share(sharing, 331, Demand(0, LAYERS, 0), 10.0) == 1
    assert share(sharing, 290, Demand(0, LAYERS, 1), 10.0 + FAILURE_S / 2) == 0
    assert share(sharing, 335, Demand(0, LAYERS, 0), 20.0) == 0


def test_a_much_wider_path_is_another_one() -> None:
    sharing = Sharing()
    share(sharing, 331, Demand(0, LAYERS, 0), 10.0)
    share(sharing, 290, Demand(0, LAYERS, 1), 11.0)
    share(sharing, 400, Demand(0, LAYERS, 0), 12.0)
    assert share(sharing, 331, Demand(0, LAYERS, 0), 12.2) == 1


def test_what_is_lacking_is_worth_a_probe_and_nothing_else() -> None:
    sharing = Sharing()
    share(sharing, 200, Demand(0, LAYERS, 0), 1.0)
    assert sharing.wanted_bps > LAYERS[1] * MARGIN
    share(sharing, 1000, Demand(0, LAYERS, 1), 2.0)
    assert sharing.wanted_bps == 0


def test_what_makes_room_for_a_screen_is_no_failure() -> None:
    """The cameras can come back as soon as before when it ends."""
    sharing = Sharing()
    camera, screen = Demand(0, LAYERS, 0), Demand(2, (200.0, 900.0), 0)
    assert sharing.share(1100, 0.0, [camera, screen], 1.0, calm=True, draining=False) == [0, 1]
    assert sharing.share(
        1000, 0.0, [camera, dataclasses.replace(screen, current=1)], 1.2, calm=True, draining=False
    ) == [
        0,
        1,
    ]
    assert share(sharing, 301 * MARGIN, camera, 1.4) == 1


WISHES = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.floats(1, 1e3), min_size=1, max_size=3)), min_size=1, max_size=12
)


@given(st.floats(0, 1e4), st.floats(0, 1e3), WISHES)
def test_sound_is_never_cut_and_nothing_goes_to_and_fro(
    budget_bps: float, sound_bps: float, wishes: list[tuple[int, list[float]]]
) -> None:
    """While the path stays as it is, pictures only get better, until they stay as they are."""
    sharing = Sharing()
    demands = [Demand(priority, tuple(sorted(rates))) for priority, rates in wishes]
    seen: list[list[int]] = []
    for number in range(60):
        places = sharing.share(budget_bps, sound_bps, demands, number / 5, calm=True, draining=False)
        spent_bps = sum(demand.rate(place) for demand, place in zip(demands, places, strict=True))
        assert spent_bps <= max(0.0, budget_bps - sound_bps) + 1e-6
        demands = [dataclasses.replace(demand, current=place) for demand, place in zip(demands, places, strict=True)]
        seen.append(places)
    assert seen[-1] == seen[-10]
    assert all(
        after >= before for early, late in itertools.pairwise(seen) for before, after in zip(early, late, strict=True)
    )
