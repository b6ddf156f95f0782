"""Who is heard when there are more microphones than places."""

from visio.media import loudest
from visio.media.loudest import Loudest, Voice


def voices(places: int, count: int) -> list[Voice]:
    ranking = Loudest(places)
    return [ranking.voice(f"PA_{number}") for number in range(count)]


def test_everybody_is_heard_while_there_are_places() -> None:
    assert all(voice.take(-90, 0.0) for voice in voices(3, 3))


def test_without_a_number_of_places_everybody_is_heard() -> None:
    assert all(voice.take(-20, 0.0) for voice in voices(0, 50))


def test_the_louder_one_takes_the_place_of_the_quietest() -> None:
    first, second, third = voices(2, 3)
    assert first.take(-30, 0.0)
    assert second.take(-50, 0.0)
    assert third.take(-40, 0.0)
    assert (first.heard, second.heard) == (True, False)


def test_hardly_louder_is_not_enough() -> None:
    first, second = voices(1, 2)
    assert first.take(-30, 0.0)
    assert not second.take(-30 + loudest.MARGIN_DB - 1, 0.0)
    assert second.take(-30 + loudest.MARGIN_DB, 0.0)


def test_noise_puts_nobody_out() -> None:
    first, second = voices(1, 2)
    first.take(loudest.SILENT_DBOV, 0.0)
    assert not second.take(loudest.AUDIBLE_DBOV - 1, 0.0)


def test_a_pause_between_words_costs_no_place_but_a_long_one_does() -> None:
    first, second = voices(1, 2)
    first.take(-20, 0.0)
    assert not second.take(-30, 0.5)
    assert second.take(-30, 1.0)


def test_one_who_leaves_makes_room() -> None:
    ranking = Loudest(1)
    first, second = ranking.voice("PA_1"), ranking.voice("PA_2")
    first.take(-20, 0.0)
    ranking.leave(first)
    ranking.leave(first)
    assert second.take(-100, 0.0)


def test_who_tells_no_level_counts_as_speaking() -> None:
    first, second = voices(1, 2)
    first.take(-100, 0.0)
    assert second.take(None, 0.0)


def test_one_person_keeps_nobody_out_with_many_microphones() -> None:
    """It has all places while nobody else wants them, then one."""
    ranking = Loudest(3)
    loud = [ranking.voice("PA_loud") for _ in range(5)]
    assert [voice.take(0, 0.0) for voice in loud] == [True, True, True, False, False]
    others = [ranking.voice(f"PA_{number}") for number in range(3)]
    assert [voice.take(-50, 0.0) for voice in others] == [True, True, False]
    assert [voice.heard for voice in loud].count(True) == 1
    assert not any(voice.take(0, 0.1) for voice in loud if not voice.heard)
    assert all(voice.heard for voice in others[:2])


def test_a_person_goes_on_with_the_louder_microphone() -> None:
    ranking = Loudest(2)
    first, second, other = ranking.voice("PA_1"), ranking.voice("PA_1"), ranking.voice("PA_2")
    assert first.take(-50, 0.0)
    assert other.take(-55, 0.0)
    assert second.take(-40, 0.0)
    assert (first.heard, other.heard) == (False, True)
