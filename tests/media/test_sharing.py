"""Sharing out again and again: margins, caution after a failure, and what would have to be proved for more."""

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
