"""Receivers that tell nothing but their loss."""

from tests.media.narrow_path import Publisher
from tests.media.streams_of import Sink
from visio.media import rtcp
from visio.media.congestion.reports import PATIENCE_S, ReportedLoss
from visio.media.down_leg import DownLeg
from visio.media.rtcp import ReportBlock
from visio.media.sections import DownSection


def test_it_limits_nothing_until_much_is_lost() -> None:
    loss = ReportedLoss()
    loss.take(0.1, 1e6, 10.0)
    assert loss.bps is None
    loss.take(0.4, 1e6, 10.0)
    assert loss.bps == 600_000


def test_it_waits_for_the_effect() -> None:
    loss = ReportedLoss()
    loss.take(0.4, 1e6, 10.0)
    loss.take(0.4, 1e6, 10.0 + PATIENCE_S / 2)
    assert loss.bps == 600_000


def test_it_grows_back_and_ends() -> None:
    loss = ReportedLoss()
    loss.take(0.4, 1e6, 10.0)
    for n in range(1, 20):
        loss.take(0.0, 300_000, 10.0 + n * PATIENCE_S)
    assert loss.bps is None


def test_a_subscriber_without_other_reports_gets_smaller_pictures() -> None:
    """Three layers of one picture; a third of the packets is lost, then none."""
    publisher, leg = Publisher(), DownLeg(Sink())
    down = leg.add(publisher.track, DownSection("m", 101, 9000, "PA"), 0.0)
    layers = []
    for step in range(4500):
        now = step / 100
        if step % publisher.every == 0:
            publisher.frame(now)
        if step % 100 == 0:
            lost = 90 if 500 <= step < 1200 else 0
            leg.receive_rtcp(rtcp.write_receiver_report(1, [ReportBlock(9000, lost, 0, 0, 0, 0, 0)]), now)
        if step % 5 == 0:
            publisher.leg.tick(now)
            leg.tick(now)
        layers.append("" if down.layer is None else down.layer.rid)
    assert (layers[450], layers[1100] in ("q", "h"), layers[-1]) == ("f", True, "f")
