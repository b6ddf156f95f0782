"""What a queue lets through tells what the path carries."""

import pytest

from visio.media.congestion.delay import Usage
from visio.media.congestion.estimate import START_BPS, Bottleneck, Estimate
from visio.media.congestion.history import PACKETS, Arrival, SendHistory

SIZE = 1000


def arrivals(sent_s: list[float], arrived_s: list[float]) -> list[Arrival]:
    """Return packets of one size."""
    return [Arrival(n, sent, came, SIZE) for n, (sent, came) in enumerate(zip(sent_s, arrived_s, strict=True))]


def test_packets_that_wait_leave_at_the_rate_of_the_path() -> None:
    bottleneck = Bottleneck()
    bottleneck.add(arrivals([0.0] * 30, [n * 0.01 for n in range(30)]), fastest_s=0.0)
    assert bottleneck.bps() == pytest.approx(SIZE * 8 / 0.01)


def test_packets_that_do_not_wait_tell_nothing() -> None:
    bottleneck = Bottleneck()
    times = [n * 0.01 for n in range(30)]
    bottleneck.add(arrivals(times, times), fastest_s=0.0)
    assert bottleneck.bps() is None


def test_a_receiver_that_was_asleep_is_not_a_narrow_path() -> None:
    bottleneck, estimate = Bottleneck(), Estimate()
    times = [n * 0.01 for n in range(30)]
    bottleneck.add(arrivals(times, [max(one, 0.3) for one in times]), fastest_s=0.0)
    estimate.update(Usage.OVER, 0.2, bottleneck.bps(), 1.0)
    assert estimate.bps == START_BPS


def test_a_path_that_gets_narrow_shows_within_a_few_packets() -> None:
    """Those that left the queue faster, a moment before, do not count."""
    bottleneck = Bottleneck()
    wide, narrow = [n * 0.008 for n in range(20)], [0.152 + n * 0.03 for n in range(1, 4)]
    bottleneck.add(arrivals([-1.0] * 23, wide + narrow), fastest_s=0.0)
    assert bottleneck.bps() == pytest.approx(SIZE * 8 / 0.03)


@pytest.mark.parametrize("before", [0, PACKETS - 2])
def test_what_was_sent_after_a_packet_is_known(before: int) -> None:
    """Also around the end of the arrays."""
    history = SendHistory()
    history.next = before
    first = history.stamp(100, 1.0)
    for size in (200, 300, 400):
        history.stamp(size, 1.0)
    assert history.octets_since(first) == 900
    assert history.octets_since(history.next - 1) == 0
