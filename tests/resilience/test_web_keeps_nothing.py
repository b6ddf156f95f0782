"""Meetings that are over leave nothing in the web process: no open file, no memory, nobody who counts as inside."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.media_live.people import Person, until
from tests.resilience.call import Issue, new_slug, tickets_for
from tests.stack import Stack

pytestmark = [pytest.mark.live, pytest.mark.long]
MEETINGS = 20
GROWTH_MAX_BYTES = 8 * 1024 * 1024
INSIDE = "from visio.signalling.models import Session; print(Session.objects.filter(left_at=None).count())"


async def test_it_keeps_nothing(service: Stack) -> None:
    address, issue = await tickets_for(service, new_slug())
    for number in range(5):
        await _meet(address, issue, single=number % 2 == 0)
    files, memory = _files(service), _resident_bytes(service)
    for number in range(MEETINGS):
        await _meet(address, issue, single=number % 2 == 0)
    await until(lambda: _files(service) <= files, "every file is closed")
    assert _resident_bytes(service) - memory < GROWTH_MAX_BYTES
    printed = await asyncio.to_thread(service.manage, "shell", "--no-imports", "-v0", "-c", INSIDE)
    assert printed.strip() == "0"


async def _meet(address: str, issue: Issue, *, single: bool) -> None:
    people = alice, bob = Person("alice", single=single), Person("bob", single=single)
    for person in people:
        await person.connect(address, issue(person.name))
    await until(lambda: alice.others() == {"bob"}, "alice sees bob")
    await asyncio.gather(alice.leave(), bob.leave())


def _files(stack: Stack) -> int:
    return len(os.listdir(f"/proc/{stack.pid('web')}/fd"))


def _resident_bytes(stack: Stack) -> int:
    return int(Path(f"/proc/{stack.pid('web')}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
