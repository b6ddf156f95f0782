"""Asking for lost packets."""

from visio.media import nack
from visio.media.nack import Missing


def test_a_gap_is_asked_for_at_once() -> None:
    assert Missing().gap(5, 7, now=0.0) == [5, 6, 7]


def test_what_does_not_come_is_asked_for_again() -> None:
    missing = Missing()
    missing.gap(5, 6, now=0.0)
    missing.arrived(5, now=0.05)
    assert missing.due(0.05) == []
    assert missing.due(0.2) == [6]
    assert missing.due(0.21) == []


def test_only_missing_packets_are_new() -> None:
    missing = Missing()
    missing.gap(5, 5, now=0.0)
    assert missing.arrived(5, now=0.1)
    assert not missing.arrived(5, now=0.1)
    assert not missing.arrived(4, now=0.1)
    assert missing.recovered == 1


def test_it_gives_up_after_some_tries() -> None:
    missing = Missing()
    missing.gap(5, 5, now=0.0)
    asked = 1 + sum(len(missing.due(tick * nack.MIN_INTERVAL_S)) for tick in range(100))
    assert 3 < asked <= nack.MAX_TRIES
    assert (len(missing), missing.given_up) == (0, 1)


def test_it_gives_up_what_is_too_old() -> None:
    missing = Missing()
    missing.gap(5, 5, now=0.0)
    assert missing.due(nack.GIVE_UP_S + 0.01) == []
    assert len(missing) == 0


def test_the_list_is_bounded() -> None:
    missing = Missing()
    missing.gap(0, 99, now=0.0)
    assert missing.gap(100, 2000, now=0.0) == list(range(2001 - nack.MAX_MISSING, 2001))
    assert len(missing) == nack.MAX_MISSING
    assert missing.given_up == 2001 - nack.MAX_MISSING


def test_the_round_trip_time_is_learnt_from_answers() -> None:
    missing = Missing()
    for number in range(100):
        missing.gap(number, number, now=number)
        missing.arrived(number, now=number + 0.3)
    assert abs(missing.rtt_s - 0.3) < 0.01
