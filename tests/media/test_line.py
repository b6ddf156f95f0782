"""The numbering of one socket in both directions."""

from __future__ import annotations

from collections.abc import Callable

from visio import wire
from visio.media.line import FRAMES_PER_REPORT, Arrival, Line


class Desk:
    """Keeps reports, and runs what should come later when told."""

    def __init__(self) -> None:
        self.reports: list[wire.Report] = []
        self.later: list[Callable[[], None]] = []
        self.line = Line("channel", 0.0, lambda _, report: self.reports.append(report), self.later.append)

    def turn(self) -> None:
        while self.later:
            self.later.pop(0)()


def test_frames_of_one_turn_leave_together_and_numbered() -> None:
    desk = Desk()
    desk.line.send(b"a")
    desk.line.send(b"b")
    desk.turn()
    desk.line.send(b"c")
    desk.turn()
    assert desk.reports == [wire.Frames("channel", 1, (b"a", b"b")), wire.Frames("channel", 3, (b"c",))]


def test_many_frames_leave_in_parts() -> None:
    desk = Desk()
    for _ in range(FRAMES_PER_REPORT + 1):
        desk.line.send(b"a")
    desk.turn()
    assert [report.sequence for report in desk.reports if isinstance(report, wire.Frames)] == [1, FRAMES_PER_REPORT + 1]


def test_close_comes_after_what_was_sent_and_only_once() -> None:
    desk = Desk()
    desk.line.send(b"a")
    desk.line.close(1000, "bye")
    desk.line.close(1002, "again")
    desk.line.send(b"b")
    desk.turn()
    assert desk.reports == [wire.Frames("channel", 1, (b"a",)), wire.Close("channel", 1000, "bye")]


def test_arrivals() -> None:
    line = Desk().line
    assert line.arrive(1, 1.0) is Arrival.NEXT
    assert line.arrive(1, 2.0) is Arrival.REPEATED
    assert line.arrive(3, 3.0) is Arrival.GAP
    assert line.arrive(2, 4.0) is Arrival.NEXT
    assert line.heard == 4.0
