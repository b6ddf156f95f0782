"""When a worker counts as dead, with observations and a clock made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from visio import wire
from visio.signalling.vigil import CALM_GRACE_S, CALM_S, GRACE_S, LATE_S, PERIOD_S, SETTLING_S, Signs, Vigil

ALL = {"a": 0.0, "b": 0.0}
B_ALONE = {"b": 0.0}
TTL_S = wire.WORKER_TTL_MS / 1000
HEARTBEAT_S = wire.HEARTBEAT_MS / 1000
NOTICED_S = 3
NOTICED_UNDER_LOAD_S = 7

Seen = Callable[[float], Signs]


def _watch(vigil: Vigil, signs: Seen, *, since: float = 0.0, seconds: float = 10.0) -> tuple[list[str], float | None]:
    """Look every PERIOD_S; give who died first, and when."""
    for number in range(int(seconds / PERIOD_S)):
        now = since + number * PERIOD_S
        dead = vigil.look(["a", "b"], signs(now), now)
        if dead:
            return dead, now
    return [], None


def test_nobody_dies_who_has_a_heartbeat() -> None:
    assert _watch(Vigil(), lambda _: Signs(ALL)) == ([], None)


@pytest.mark.parametrize("last_beat_s", [0.0, HEARTBEAT_S])
def test_a_killed_process_is_noticed(last_beat_s: float) -> None:
    """It was killed at 0.5 s, at most one heartbeat after its last sign."""
    killed_at = HEARTBEAT_S
    dead, at = _watch(Vigil(), lambda now: Signs(ALL if now < last_beat_s + TTL_S else B_ALONE))
    assert dead == ["a"]
    assert at is not None
    assert TTL_S - HEARTBEAT_S <= at - killed_at <= TTL_S + PERIOD_S


def _silent_since(silent_s: float, late_s: float = 0.0) -> Seen:
    """Give the signs of a worker without heartbeat that Valkey takes for a listener, and that was late before."""
    return lambda now: Signs({"a": late_s, "b": 0.0}) if now < silent_s else Signs(B_ALONE, {"a"})


def test_a_worker_that_hangs_is_noticed() -> None:
    """So is a machine that is gone: nobody has closed its connection."""
    dead, at = _watch(Vigil(), _silent_since(TTL_S))
    assert dead == ["a"]
    assert at is not None
    assert at < NOTICED_S


def test_a_worker_that_was_late_is_given_more_time() -> None:
    dead, at = _watch(Vigil(), _silent_since(TTL_S, LATE_S + 0.01))
    assert dead == ["a"]
    assert at is not None
    assert TTL_S + GRACE_S - PERIOD_S <= at < NOTICED_UNDER_LOAD_S


def test_who_looks_late_gives_more_time() -> None:
    """The machine of web has too much to do, and perhaps it is the worker's too."""
    vigil = Vigil()
    assert _watch(vigil, lambda _: Signs(ALL), seconds=CALM_S) == ([], None)
    late = CALM_S + 2 * LATE_S
    assert vigil.look(["a", "b"], Signs(ALL), late) == []
    again = late + PERIOD_S + GRACE_S
    assert _watch(vigil, _silent_since(late + 1), since=late + PERIOD_S, seconds=GRACE_S) == ([], None)
    dead, at = _watch(vigil, _silent_since(again + CALM_S), since=again)
    assert dead == ["a"]
    assert at is not None
    assert at < again + CALM_S + NOTICED_S - TTL_S


def test_a_heartbeat_that_is_late_once_is_no_death() -> None:
    for late_s, gap_s in ((0.0, CALM_GRACE_S), (1.0, GRACE_S)):
        alive = {"a": late_s, "b": 0.0}

        def signs(now: float, alive: dict[str, float] = alive, until: float = 2 + gap_s - PERIOD_S) -> Signs:
            return Signs(B_ALONE, {"a"}) if 2 <= now < until else Signs(alive)

        assert _watch(Vigil(), signs) == ([], None)


def test_a_loss_of_memory_is_no_death() -> None:
    """Valkey forgot all heartbeats; each worker writes its own again and has never stopped to listen."""
    assert _watch(Vigil(), lambda now: Signs({} if 1 <= now < 1 + HEARTBEAT_S else ALL, set(ALL))) == ([], None)


def test_after_an_absence_of_valkey_workers_have_time_to_come_back() -> None:
    vigil = Vigil()
    assert _watch(vigil, lambda _: Signs(ALL), seconds=1) == ([], None)
    vigil.be_patient(30.0)
    assert _watch(vigil, lambda now: Signs({} if now < 30 + SETTLING_S else ALL), since=30.1) == ([], None)


def test_who_died_during_an_absence_of_valkey_is_noticed_after_it() -> None:
    vigil = Vigil()
    assert _watch(vigil, lambda _: Signs(ALL), seconds=1) == ([], None)
    vigil.be_patient(30.0)
    dead, at = _watch(vigil, lambda _: Signs(B_ALONE), since=30.1)
    assert dead == ["a"]
    assert at is not None
    assert at <= 30 + SETTLING_S + PERIOD_S


def test_who_could_not_look_judges_nobody_at_once() -> None:
    """The web process itself stood still; or Valkey answered late and without a memory."""
    vigil = Vigil()
    assert _watch(vigil, lambda _: Signs(ALL), seconds=1) == ([], None)
    assert vigil.look(["a", "b"], Signs({}), 20.0) == []


def test_a_rest_is_no_blindness() -> None:
    """Nobody was watched for a while: a worker that has no sign then is dead."""
    vigil = Vigil()
    assert _watch(vigil, lambda _: Signs(ALL), seconds=1) == ([], None)
    vigil.rest()
    assert vigil.look(["a"], Signs({}), 20.0) == ["a"]
