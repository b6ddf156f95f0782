"""Who speaks."""

from visio.media.levels import LevelMeter
from visio.media.speakers import INTERVAL_S, Speaker, Speakers


class Talker:
    """A track whose loudness is set."""

    def __init__(self) -> None:
        self.meter = LevelMeter(48000)
        self.timestamp = 0

    def speak(self, dbov: int, packets: int = 20) -> None:
        for _ in range(packets):
            self.timestamp += 960
            self.meter.add(dbov, self.timestamp)


def heard(speakers: Speakers, talker: Talker, *levels: int) -> list[list[Speaker]]:
    told = []
    for n, dbov in enumerate(levels):
        talker.speak(dbov)
        told.append(speakers.update(n * INTERVAL_S))
    return told


def test_changes_are_told_once() -> None:
    speakers, alice = Speakers(), Talker()
    speakers.add("PA_a", alice.meter)
    told = heard(speakers, alice, -127, -12, -12, -127, -127)
    assert told == [[], [Speaker("PA_a", 0.375, True)], [], [Speaker("PA_a", 0.0, False)], []]


def test_levels_are_smoothed_and_in_eighths() -> None:
    speakers, alice = Speakers(), Talker()
    speakers.add("PA_a", alice.meter)
    told = heard(speakers, alice, -30, 0, 0, 0)
    assert [speaker.level for changes in told for speaker in changes] == [0.125, 0.625, 0.875, 1.0]


def test_a_short_noise_is_no_speech() -> None:
    speakers, alice = Speakers(), Talker()
    speakers.add("PA_a", alice.meter)
    alice.speak(-127, packets=14)
    alice.speak(-10, packets=7)
    assert speakers.update(0.0) == []


def test_the_loudest_of_two_tracks_counts() -> None:
    speakers, microphone, screen = Speakers(), Talker(), Talker()
    for talker in (microphone, screen):
        speakers.add("PA_a", talker.meter)
    microphone.speak(-127)
    screen.speak(-6)
    assert [speaker.sid for speaker in speakers.update(0.0)] == ["PA_a"]


def test_who_leaves_while_speaking_is_told_as_silent() -> None:
    speakers, alice = Speakers(), Talker()
    speakers.add("PA_a", alice.meter)
    heard(speakers, alice, -12)
    speakers.remove("PA_a", alice.meter)
    assert speakers.update(1.0) == [Speaker("PA_a", 0.0, False)]
    assert speakers.update(2.0) == []


def test_one_of_two_tracks_may_go() -> None:
    speakers, microphone, screen = Speakers(), Talker(), Talker()
    for talker in (microphone, screen):
        speakers.add("PA_a", talker.meter)
    speakers.remove("PA_a", screen.meter)
    microphone.speak(-6)
    assert speakers.update(0.0)[0].active


def test_an_unknown_meter_may_be_removed() -> None:
    Speakers().remove("PA_a", Talker().meter)


def test_speaking_time_is_counted_until_it_is_asked_for() -> None:
    speakers, alice, bob = Speakers(), Talker(), Talker()
    speakers.add("PA_a", alice.meter)
    speakers.add("PA_b", bob.meter)
    heard(speakers, alice, -12, -12, -127, -12)
    assert [speakers.spoken_ms("PA_a"), speakers.spoken_ms("PA_a"), speakers.spoken_ms("PA_b")] == [1200, 0, 0]
