"""A call that goes on while parts of the service die: two SDK clients send sound and picture all the time."""

from __future__ import annotations

import asyncio
import os
import secrets
import string
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta

import jwt
import numpy as np
from django.test import override_settings
from django.utils import timezone
from livekit import rtc

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, ticket, until
from tests.stack import Stack
from visio.rooms import tickets
from visio.wire import Grant

Issue = Callable[..., str]

FRAMES_PER_S, PICTURES_PER_S = 100, 20
AUDIBLE = 4_000
LISTENING_S = 0.01
TONES_HZ = {"alice": 440, "bob": 880}
REDS = {"alice": 200, "bob": 60}

OPERATOR = ThreadPoolExecutor(1)
"""Processes end with the thread that started them (PR_SET_PDEATHSIG): this one outlives a test's event loop."""


async def operate(act: Callable[[str], object], part: str) -> None:
    """Start or end a part of the installation while the call goes on."""
    await asyncio.get_running_loop().run_in_executor(OPERATOR, act, part)


def new_slug() -> str:
    """Give a new room's link."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(count)) for count in (3, 4, 3))


async def tickets_for(stack: Stack, slug: str) -> tuple[str, Issue]:
    """Give the signalling address, and a function that issues tickets for a new room at the age it is given."""
    address, token = await ticket(stack, slug, "probe")
    room = jwt.decode(token, options={"verify_signature": False})["video"]["room"]

    def issue(identity: str, age: timedelta = timedelta()) -> str:
        with override_settings(LIVEKIT_API_SECRET=stack.env["LIVEKIT_API_SECRET"]):
            now = timezone.now() - age
            return tickets.issue(room, Grant(identity), login=None, via=tickets.Via.COMMAND, now=now)

    return address, issue


@asynccontextmanager
async def call(stack: Stack, slug: str) -> AsyncIterator[tuple[Person, Person]]:
    """Let alice (two connections) and bob (one) see and hear each other."""
    alice, bob = Person("alice", single=False), Person("bob", single=True)
    async with gathering(stack, slug, alice, bob):
        for person in (alice, bob):
            await person.speak(TONES_HZ[person.name])
            await person.show(REDS[person.name])
        await meet(alice, bob)
        yield alice, bob


async def meet(*people: Person) -> None:
    """Wait until everybody hears and sees everybody, from now on."""
    pairs = [(one, other.name) for one in people for other in people if one is not other]
    await asyncio.gather(*(perceives(one, name) for one, name in pairs))


async def perceives(person: Person, other: str) -> None:
    """Wait until a person hears and sees another, from now on."""
    await person.hears(other, TONES_HZ[other])
    await person.sees(other, REDS[other])


async def worker_of(stack: Stack, identity: str) -> str:
    """Give the name of the process that holds a participant."""
    async with Headquarters(stack) as headquarters:
        worker, _, _ = await headquarters.find(identity)
    return f"media-{worker.partition('-')[0]}"


class Continuity:
    """What one person receives of another from now on: how long it was silent, how many pictures came."""

    def __init__(self, person: Person, other: Person) -> None:
        self._sound = person.received[other.name, "mic"].sound
        self._reds = person.received[other.name, "cam"].reds
        self._heard = len(self._sound)
        self._seen = len(self._reds)

    @property
    def seconds(self) -> float:
        """Give the length of the sound."""
        return (len(self._sound) - self._heard) / FRAMES_PER_S

    @property
    def pictures(self) -> int:
        """Give the number of pictures."""
        return len(self._reds) - self._seen

    @property
    def silence_s(self) -> float:
        """Give the longest time without the tone."""
        longest = silent = 0
        for frame in self._sound[self._heard :]:
            silent = silent + 1 if np.sqrt((frame**2).mean()) < AUDIBLE else 0
            longest = max(longest, silent)
        return longest / FRAMES_PER_S


class Silence:
    """Listens to one person's tone at another's from now on, over full reconnects too; a task until it is ended."""

    def __init__(self, person: Person, other: Person) -> None:
        self._person, self._key = person, (other.name, "mic")
        self._heard_at = time.monotonic()
        self._longest_s = 0.0
        self._task = asyncio.create_task(self._listen())

    async def end(self) -> float:
        """Stop; give the longest time without the tone, in seconds."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return max(self._longest_s, time.monotonic() - self._heard_at)

    async def _listen(self) -> None:
        before, count = self._person.received[self._key].sound, 0
        while True:
            sound = self._person.received[self._key].sound
            fresh = sound[count:] if sound is before else sound
            before, count = sound, len(sound)
            if any(np.sqrt((frame**2).mean()) >= AUDIBLE for frame in fresh):
                now = time.monotonic()
                self._longest_s, self._heard_at = max(self._longest_s, now - self._heard_at), now
            await asyncio.sleep(LISTENING_S)


@asynccontextmanager
async def silences(*people: Person) -> AsyncIterator[dict[str, float]]:
    """Measure for each person the longest time that one of the others was not heard; known at the end."""
    async with pairwise_silences([(one, other) for one in people for other in people if one is not other]) as longest:
        yield longest


@asynccontextmanager
async def pairwise_silences(pairs: Sequence[tuple[Person, Person]]) -> AsyncIterator[dict[str, float]]:
    """Measure for the first of each pair the longest time that the second was not heard; known at the end."""
    ears = [(one.name, Silence(one, other)) for one, other in pairs]
    longest = {one.name: 0.0 for one, _ in pairs}
    yield longest
    for name, ear in ears:
        longest[name] = max(longest[name], await ear.end())


def unhurried(limit_s: float) -> float:
    """Give a limit that says something about the code: beside other clients that encode everything takes longer."""
    return limit_s * (2 + os.getloadavg()[0] / (os.cpu_count() or 1))


def microphone(person: Person) -> rtc.LocalAudioTrack:
    """Give the track that carries a person's voice."""
    publications = person.room.local_participant.track_publications.values()
    track = next(one.track for one in publications if one.name == "mic")
    assert isinstance(track, rtc.LocalAudioTrack)
    return track


async def join_late(stack: Stack, slug: str, *people: Person) -> None:
    """Have a third person join the call of two, see and be seen, and leave."""
    charlie = Person("charlie", single=False)
    async with gathering(stack, slug, charlie):
        await until(lambda: all("charlie" in one.others() for one in people), "both see charlie")
        for one in people:
            await perceives(charlie, one.name)
