"""Receiver statistics and sender clocks."""

from visio.media.reception import NTP_HZ, RecentLoss, Reception, SenderClock
from visio.media.rtcp import SenderReport

SILENT = SenderClock(90000)


def received(numbers: list[int]) -> Reception:
    reception = Reception(numbers[0], 8000)
    for number in numbers:
        reception.highest = max(reception.highest, number)
        reception.add(number * 160, 100, number * 0.02)
    return reception


def report(ntp_s: float, timestamp: int) -> SenderReport:
    return SenderReport(1, int(ntp_s * NTP_HZ), timestamp, 0, 0)


def test_loss_is_reported_for_the_interval_and_in_all() -> None:
    reception = received([1, 2, 4, 5])
    first = reception.block(9, SILENT, 1.0)
    assert (first.ssrc, first.fraction_lost, first.total_lost, first.highest) == (9, 51, 1, 5)
    second = reception.block(9, SILENT, 2.0)
    assert (second.fraction_lost, second.total_lost) == (0, 1)


def test_duplicates_make_the_loss_negative() -> None:
    block = received([1, 2, 2]).block(9, SILENT, 1.0)
    assert (block.fraction_lost, block.total_lost) == (0, -1)


def test_even_packets_have_no_jitter() -> None:
    assert received(list(range(1, 50))).jitter < 1


def test_jitter_follows_the_transit_time() -> None:
    reception = Reception(1, 8000)
    for number in range(1, 400):
        reception.add(number * 160, 100, number * 0.02 + (number % 2) * 0.01)
    assert 70 < reception.jitter < 90


def test_the_last_sender_report_is_echoed() -> None:
    clock = SenderClock(8000)
    clock.set(report(5.5, 0), now=100.0)
    block = received([1]).block(9, clock, 100.25)
    assert (block.last_report, block.delay) == (0x00058000, 0x4000)


def test_the_clock_runs_on_after_a_report() -> None:
    clock = SenderClock(8000)
    clock.set(report(5.0, 0xFFFFFFFF), now=100.0)
    assert clock.at(100.5) == (int(5.5 * NTP_HZ), 3999)


def test_two_clocks_of_one_sender_tell_their_distance() -> None:
    ours, other = SenderClock(90000), SenderClock(90000)
    ours.set(report(10.0, 1000), now=0.0)
    other.set(report(9.0, 0xFFFFFFFF), now=0.0)
    assert ours.ahead_of(other) == -90000 + 1001
    assert other.ahead_of(ours) == 90000 - 1001


def test_recent_loss_is_that_of_all_streams_by_their_packets() -> None:
    loss = RecentLoss()
    loss.add([(20, 100), (0, 0), (0, 100)])
    assert loss.share == 0.1


def test_recent_loss_is_forgotten_when_nothing_is_lost_or_sent() -> None:
    loss = RecentLoss()
    loss.add([(50, 100)])
    for _ in range(8):
        loss.add([(0, 100)])
    assert loss.share < 0.02
    for _ in range(30):
        loss.add([])
    assert loss.share == 0.0


def test_duplicates_are_no_loss() -> None:
    reception = received([1, 2, 2])
    reception.block(9, SILENT, 1.0)
    assert reception.last_interval == (0, 2)
