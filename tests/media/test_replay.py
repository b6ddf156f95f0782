"""The buffer of reliable data packets."""

from __future__ import annotations

from visio.media import limits
from visio.media.replay import Replay, Sent


def sent(sequence: int, *, at: float = 10.0, sender: str = "PA_a", to: tuple[str, ...] = (), size: int = 10) -> Sent:
    return Sent(at, sender, sequence, frozenset(to), bytes([sequence]) * size)


def missed(replay: Replay, *, since: float = 0.0, received: dict[str, int] | None = None) -> list[int]:
    return [frame[0] for frame in replay.missed("PA_b", "bob", since, received or {})]


def test_only_what_is_newer_than_received() -> None:
    replay = Replay()
    for sequence in (1, 2, 3):
        replay.add(sent(sequence))
    assert missed(replay, received={"PA_a": 2}) == [3]


def test_nothing_from_before_the_participant_was_there() -> None:
    replay = Replay()
    replay.add(sent(1, at=10.0))
    replay.add(sent(2, at=20.0))
    assert missed(replay, since=15.0) == [2]


def test_nothing_of_ones_own_or_for_others() -> None:
    replay = Replay()
    replay.add(sent(1, sender="PA_b"))
    replay.add(sent(2, to=("charlie",)))
    replay.add(sent(3, to=("bob", "charlie")))
    assert missed(replay) == [3]


def test_the_oldest_make_room() -> None:
    replay = Replay()
    for sequence in range(1, 5):
        replay.add(sent(sequence, size=limits.REPLAY_BYTES // 2))
    assert missed(replay) == [3, 4]


def test_old_ones_go() -> None:
    replay = Replay()
    replay.add(sent(1, at=10.0))
    replay.add(sent(2, at=11.0 + limits.REPLAY_S))
    assert missed(replay) == [2]
