"""A media worker ends during a call: everybody is back in it on another worker, without touching anything."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.media_live.people import until
from tests.resilience.call import call, meet, new_slug, operate, silences, unhurried, worker_of
from tests.stack import Stack

pytestmark = pytest.mark.live
NOTICED_S = 3
HANGING_NOTICED_S = 7
"""Who looks at a worker that hangs, or the worker itself, was late before where clients run on the same two cores."""
BACK_S = 3
"""Seconds within which everybody hears everybody again once a crash is noticed."""
MOVED_S = 2
"""Longest silence for each participant of a room that is moved in order."""
RESTARTED_S = 12


def _died_at(service: Stack, since: int) -> datetime | None:
    """Give when web wrote that a worker is dead."""
    found = re.search(r"^(\S+ \S+) .*worker \S+ is dead", service.log("web")[since:], re.MULTILINE)
    return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S,%f") if found else None  # noqa: DTZ007  (the log's)


def _kill(service: Stack, name: str) -> None:
    service.kill(name)


def _hang(service: Stack, name: str) -> None:
    os.kill(service.pid(name), signal.SIGSTOP)


@pytest.mark.parametrize(("crash", "within_s"), [(_kill, NOTICED_S), (_hang, HANGING_NOTICED_S)])
async def test_a_dead_worker_is_noticed_and_its_rooms_are_back(
    service: Stack, crash: Callable[[Stack, str], None], within_s: float
) -> None:
    async with call(service, new_slug()) as people:
        dead = await worker_of(service, "alice")
        logged = len(service.log("web"))
        killed_at = datetime.now()  # noqa: DTZ005  (the log's clock)
        began = time.monotonic()
        async with silences(*people) as silent_s:
            await operate(lambda name: crash(service, name), dead)
            await until(lambda: all(one.of("reconnecting") for one in people), "everybody is told")
            told_s = time.monotonic() - began
            await meet(*people)
        if service.is_running(dead):
            await operate(service.kill, dead)
        noticed = _died_at(service, logged)
        assert noticed is not None
        noticed_s = (noticed - killed_at).total_seconds()
        print(f"noticed after {noticed_s:.2f} s, told after {told_s:.2f} s, silent {silent_s}")
        assert noticed_s < unhurried(within_s)
        assert max(silent_s.values()) < unhurried(within_s + BACK_S)
        assert dead not in {await worker_of(service, one.name) for one in people}


async def test_a_worker_that_ends_hands_its_rooms_over(service: Stack) -> None:
    async with call(service, new_slug()) as people:
        left = await worker_of(service, "alice")
        began = time.monotonic()
        async with silences(*people) as silent_s:
            await operate(service.stop, left)
            ended_s = time.monotonic() - began
            await until(lambda: all(one.of("reconnected") for one in people), "everybody is back")
            await meet(*people)
        print(f"ended after {ended_s:.2f} s, silent {silent_s}")
        assert max(silent_s.values()) < unhurried(MOVED_S)
        assert left not in {await worker_of(service, one.name) for one in people}


async def test_the_only_worker_comes_back(service: Stack) -> None:
    async with call(service, new_slug()) as people:
        used = await worker_of(service, "alice")
        other = {"media-0": "media-1", "media-1": "media-0"}[used]
        await operate(service.stop, other)
        await operate(service.kill, used)
        await operate(service.start, used)
        await until(lambda: all(one.of("reconnected") for one in people), "everybody is back", RESTARTED_S)
        await meet(*people)
