"""Session descriptions take a share of the time, and everybody gets a turn."""

from __future__ import annotations

from visio.media.pace import BURST_S, SHARE, Pace, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def negotiate(clock: Clock, turn: Turn, cost_s: float) -> bool:
    """Negotiate when it is the connection's turn."""
    if not turn.comes():
        return False
    with turn.measured():
        clock.now += cost_s
    return True


def test_the_first_negotiation_waits_for_nobody() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.spend(10.0)
    assert negotiate(clock, Turn(pace), 0.05)


def test_a_few_need_not_wait() -> None:
    clock = Clock()
    pace = Pace(clock)
    turns = [Turn(pace) for _ in range(5)]
    assert all(negotiate(clock, turn, 0.01) for turn in turns for _ in range(5))


def test_many_take_their_share_of_the_time_and_no_more() -> None:
    clock = Clock()
    pace = Pace(clock)
    turns = [Turn(pace) for _ in range(200)]
    for turn in turns:
        negotiate(clock, turn, 0.05)
    spent_s, began = 0.0, clock.now
    while clock.now < began + 60:
        clock.now += 0.4
        for turn in sorted(turns, key=lambda turn: turn.came_at):
            spent_s += 0.05 * negotiate(clock, turn, 0.05)
    assert SHARE * 0.9 * 60 < spent_s < SHARE * 1.1 * 60 + BURST_S
    assert min(turn.came_at for turn in turns) > began  # everybody had a turn


def test_who_has_to_wait_says_so() -> None:
    clock = Clock()
    pace = Pace(clock)
    turn = Turn(pace)
    negotiate(clock, turn, 0.05)
    pace.spend(BURST_S + 0.03)
    assert not turn.comes()
    assert turn.waits
    clock.now += 0.2
    assert turn.comes()
    assert not turn.waits
