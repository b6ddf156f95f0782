"""Recording arrivals for transport-wide feedback."""

from visio.media import rtcp, twcc
from visio.media.transport_feedback import TICK_HZ, Feedback, read_feedback
from visio.media.twcc import ArrivalRecorder


def feedback(recorder: ArrivalRecorder, now: float) -> list[Feedback]:
    packets = [read_feedback(item) for data in recorder.feedback(1, 2, now) for item in rtcp.read(data)]
    return [packet for packet in packets if packet is not None]


def recorded(sequences: list[int], step_s: float = 0.01) -> ArrivalRecorder:
    recorder = ArrivalRecorder()
    for n, sequence in enumerate(sequences):
        recorder.record(sequence, 10.0 + n * step_s)
    return recorder


def test_it_works_across_the_wrap() -> None:
    (packet,) = feedback(recorded([65534, 65535, 1]), 11.0)
    assert packet.base == 65534
    assert packet.arrivals == (10 * TICK_HZ, 10 * TICK_HZ + 40, None, 10 * TICK_HZ + 80)


def test_the_next_feedback_tells_what_was_lost_between() -> None:
    recorder = recorded([1, 2])
    feedback(recorder, 10.1)
    recorder.record(5, 10.2)
    (packet,) = feedback(recorder, 10.2)
    assert (packet.base, packet.count, len(packet.arrivals)) == (3, 1, 3)
    assert packet.arrivals[:2] == (None, None)


def test_a_late_packet_is_told_with_its_neighbours() -> None:
    recorder = recorded([1, 3])
    feedback(recorder, 10.1)
    recorder.record(2, 10.15)
    (packet,) = feedback(recorder, 10.2)
    assert packet.base == 2
    assert None not in packet.arrivals


def test_it_is_due_every_interval_when_something_arrived() -> None:
    recorder = recorded([1])
    assert recorder.due(10.0)
    feedback(recorder, 10.0)
    assert not recorder.due(10.0 + twcc.INTERVAL_S)
    recorder.record(2, 10.05)
    assert not recorder.due(10.05)
    assert recorder.due(10.0 + twcc.INTERVAL_S + 0.001)


def test_a_pause_makes_a_second_packet() -> None:
    packets = feedback(recorded([1, 2], step_s=9.0), 20.0)
    assert [(packet.base, packet.count) for packet in packets] == [(1, 0), (2, 1)]


def test_a_wild_jump_starts_again() -> None:
    (packet,) = feedback(recorded([1, 30000]), 11.0)
    assert (packet.base, len(packet.arrivals)) == (30000, 1)


def test_memory_is_bounded() -> None:
    recorder = ArrivalRecorder()
    for number in range(5000):
        recorder.record(number % 65536, 10.0)
        if recorder.due(10.0 + number):
            feedback(recorder, 10.0 + number)
    assert len(recorder._arrivals) <= twcc.MEMORY + 1


def test_what_is_older_than_the_memory_is_ignored() -> None:
    recorder = recorded(list(range(1000, 1400)))
    feedback(recorder, 15.0)
    recorder.record(1001, 15.0)
    assert not recorder.due(16.0)
