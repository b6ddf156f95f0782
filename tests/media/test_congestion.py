"""Congestion control on a simulated path: what it finds, what it gives up, and how long packets wait."""

from itertools import pairwise

import pytest

from tests.media.narrow_path import RATES_BPS, NarrowPath, Publisher
from visio.media.congestion.control import CongestionControl
from visio.media.congestion.estimate import WINDOW_PACKETS, AckedRate
from visio.media.congestion.history import Arrival
from visio.media.serial import low16
from visio.media.transport_feedback import TICK_BITS, TICK_HZ, Feedback
from visio.media.up_track import Priority

PICTURES = 9
CLOCK_S = (1 << TICK_BITS) / TICK_HZ


def meeting(bps: float, *, loss: float = 0.0, pictures: int = PICTURES) -> tuple[NarrowPath, list[Publisher]]:
    """Return a path to somebody who sees many and hears one."""
    path = NarrowPath(bps, loss=loss)
    publishers = [Publisher(sound=True), *(Publisher() for _ in range(pictures))]
    for number, publisher in enumerate(publishers):
        path.subscribe(publisher, 9000 + 2 * number)
    return path, publishers


def test_a_wide_path_carries_everything_soon() -> None:
    path, publishers = meeting(50e6, pictures=2)
    path.run(2.5, publishers)
    assert path.pictures_bps() == [RATES_BPS["f"]] * 2
    assert path.waited_s(0.0) < 0.1


def test_what_is_sent_fits_a_narrow_path_without_a_queue() -> None:
    path, publishers = meeting(1e6)
    path.run(4, publishers)
    settled = path.now
    path.run(6, publishers)
    assert 400e3 < sum(path.pictures_bps()) < 900e3
    assert path.waited_s(settled) < 0.3


def test_a_sudden_narrowing_is_followed_and_undone() -> None:
    path, publishers = meeting(1e6)
    path.run(6, publishers)
    path.bps = 300e3
    path.run(2.5, publishers)
    narrowed = path.now
    path.run(5, publishers)
    assert path.waited_s(narrowed) < 0.3
    assert sum(path.pictures_bps()) <= RATES_BPS["q"]
    path.bps = 5e6
    path.run(4, publishers)
    assert sum(path.pictures_bps()) > 3e6


def test_a_sudden_fall_is_noticed_before_its_queue_is_long() -> None:
    """By what was sent and not reported yet: the queue that has been reported is older and shorter."""
    path, publishers = meeting(1e6)
    path.run(6.99, publishers)
    fall = path.now
    path.bps = 300e3
    path.run(2, publishers)
    assert path.waited_s(fall) < 0.4


def test_it_does_not_go_to_and_fro() -> None:
    path, publishers = meeting(2e6)
    path.run(10, publishers)
    seen: list[int] = []
    path.run(20, publishers, lambda: seen.append(sum(path.pictures_bps())))
    changes = sum(before != after for before, after in pairwise(seen))
    assert changes <= 20


@pytest.mark.parametrize("loss", [0.05, 0.1])
def test_loss_of_a_radio_link_is_no_congestion(loss: float) -> None:
    path, publishers = meeting(4e6, loss=loss)
    path.run(15, publishers)
    assert sum(path.pictures_bps()) > 2e6


def test_sound_is_never_given_up() -> None:
    path, publishers = meeting(100e3)
    path.run(8, publishers)
    (sound,) = [down for down in path.leg._downs.values() if down.track.kind == "audio"]
    assert sound.packets >= 8 * 50 - 5
    assert path.pictures_bps() == [0] * PICTURES
    assert all(down.starved for down in path.leg._downs.values() if down.track.kind == "video")


def test_a_screen_comes_before_a_speaker_and_a_speaker_before_the_rest() -> None:
    path, publishers = meeting(1.5e6, pictures=4)
    publishers[3].track.priority = Priority.SPEAKER
    publishers[4].track.priority = Priority.SCREEN
    path.run(12, publishers)
    rest, speaker, screen = path.pictures_bps()[:2], path.pictures_bps()[2], path.pictures_bps()[3]
    assert screen >= speaker >= max(rest)
    assert screen > max(rest)


def remembered(path: NarrowPath) -> int:
    return len(path.leg.congestion._estimate.acked._packets)


def test_the_receivers_clock_begins_anew_after_twelve_days() -> None:
    path = NarrowPath(5e6, ahead_s=CLOCK_S - 3)
    publishers = [Publisher(sound=True), Publisher()]
    for number, publisher in enumerate(publishers):
        path.subscribe(publisher, 9000 + 2 * number)
    path.run(2.5, publishers)
    usual = remembered(path)
    for _ in range(20):
        path.run(0.25, publishers)
        assert path.pictures_bps() == [RATES_BPS["f"]]
        assert path.leg.congestion.calm
    assert 0 < remembered(path) < 2 * usual


def test_a_receiver_that_sets_its_clock_back_is_followed_anew() -> None:
    path, publishers = meeting(5e6, pictures=1)
    path.run(3, publishers)
    usual = remembered(path)
    path.ahead_s -= 50
    path.run(3, publishers)
    assert 0 < remembered(path) < 2 * usual
    assert path.pictures_bps() == [RATES_BPS["f"]]
    assert path.leg.congestion.calm


def test_a_clock_that_stands_still_costs_no_memory() -> None:
    rate = AckedRate()
    for number in range(3 * WINDOW_PACKETS):
        rate.add([Arrival(number, number * 0.01, 5.0, 100)])
    assert len(rate._packets) == WINDOW_PACKETS
    assert rate._bytes == WINDOW_PACKETS * 100


def test_a_shared_screen_is_readable_on_a_narrow_path() -> None:
    """Cameras take what it leaves, though a small picture of each needs less than a whole one of the screen."""
    path, publishers = meeting(1e6)
    publishers[PICTURES].track.priority = Priority.SCREEN
    path.run(20, publishers)
    *cameras, screen = path.pictures_bps()
    assert screen == RATES_BPS["h"]
    assert max(cameras) <= RATES_BPS["q"]


def test_a_picture_that_is_asked_for_comes_before_the_others() -> None:
    path, publishers = meeting(1e6)
    asked = next(down for down in path.leg._downs.values() if down.track is publishers[2].track)
    asked.want(priority=1, now=path.now)
    path.run(20, publishers)
    assert path.pictures_bps()[1] == RATES_BPS["h"] > max(path.pictures_bps()[2:])


def test_a_receiver_that_never_reports_is_not_limited() -> None:
    path, publishers = meeting(50e6, pictures=2)
    path.reports = False
    path.run(4, publishers)
    assert path.pictures_bps() == [RATES_BPS["f"]] * 2


def test_a_path_on_which_nothing_is_under_way_is_probed_again() -> None:
    """Its last report told of a queue, and nothing was sent since that could tell that it is gone."""
    control, padded = CongestionControl(), 0

    def pad(now: float) -> int:
        nonlocal padded
        padded += 1
        control.history.stamp(300, now)
        return 300

    control.begin(0.0)
    first = control.history.next
    for number in range(20):
        control.history.stamp(1_200, number * 0.01)
    ticks = tuple(int((number * 0.01 + 0.05 + number * 0.02) * TICK_HZ) for number in range(20))
    control.take(Feedback(low16(first), 0, ticks), 0.8)
    assert not control.calm
    for tick in range(4):
        control.probe(5e6, pad, 0.9 + tick * 0.05)
    assert not padded
    for tick in range(4):
        control.probe(5e6, pad, 2.0 + tick * 0.05)
    assert padded
