"""How long a line of chat takes to reach everybody in a large room, over real sockets of the real web role.

`python -m benchmarks.live` opens 1,000 companion sockets in one room from two processes (a browser each, present in
the media room as the database has it), lets one of them say lines, and measures at each socket the time from
saying to hearing. Web, Valkey and database are those of a whole installation on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from statistics import median, quantiles

from websockets.asyncio.client import ClientConnection, connect

from benchmarks import processes
from tests.stack import ROOT, Stack
from visio.rooms import slugs

PEOPLE = """
import json, sys
from django.conf import settings
from django.core.signing import Signer
from django.utils import timezone
from visio.attendance.models import Gathering
from visio.rooms import guests
from visio.rooms.models import Room
from visio.signalling.models import Session
slug, count = sys.argv[1], int(sys.argv[2])
room = Room(slug=slug, name="Hall", access_level="public")
room.save()
Gathering.begin(room.pk, timezone.now())
attributes = {"kind": "guest"}
rights = {"metadata": "", "can_publish": True, "can_subscribe": True, "can_publish_data": True, "sources": [],
    "can_update_metadata": False, "hidden": False, "private_chat": True, "attributes": attributes}
names = [f"person-{number}" for number in range(count)]
identities = [guests.identity(name, room.pk) for name in names]
Session.objects.bulk_create(
    Session(ticket=identity, channel="", room=room, via="page", identity=identity, answered_at=timezone.now(),
        grant={**rights, "identity": identity, "name": name})
    for name, identity in zip(names, identities)
)
print(json.dumps([f"{settings.GUEST_COOKIE_NAME}={Signer(salt=guests.SIGNER).sign(name)}" for name in names]))
"""
OPENING = 20
"""Sockets that one process opens at once."""
PAUSE_S = 1.5
DEADLINE_S = 60.0
ENOUGH = ""
"""Said to the people instead of a line: go."""


def people(stack: Stack, slug: str, count: int) -> list[str]:
    """Write down a room with people in it; give their cookies."""
    program = f"import django; django.setup()\n{PEOPLE}"
    environment = {**stack.env, "DJANGO_SETTINGS_MODULE": "suite.settings"}
    command = [sys.executable, "-c", program, slug, str(count)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    cookies: list[str] = json.loads(done.stdout)
    return cookies


class Crowd:
    """Some of the people, in a process of their own; `heard` has for each line when each of them heard it."""

    def __init__(self, address: str, cookies: list[str]) -> None:
        self._address = address
        self._cookies = cookies
        self.heard: dict[str, list[float]] = {}
        self.sockets: list[ClientConnection] = []
        self._listening: list[asyncio.Task[None]] = []

    async def gather(self) -> None:
        """Open every socket."""
        gate = asyncio.Semaphore(OPENING)
        await asyncio.gather(*(self._enter(cookie, gate) for cookie in self._cookies))
        self._listening = [asyncio.create_task(self._listen(socket)) for socket in self.sockets]

    async def _enter(self, cookie: str, gate: asyncio.Semaphore) -> None:
        async with gate:
            headers = {"cookie": cookie}
            socket = await connect(self._address, additional_headers=headers, compression=None, open_timeout=DEADLINE_S)
            await socket.send(json.dumps({"type": "hello", "version": 1, "name": "Somebody"}))
            async with asyncio.timeout(DEADLINE_S):
                while json.loads(await socket.recv())["type"] != "chat.history":
                    pass
            self.sockets.append(socket)

    async def _listen(self, socket: ClientConnection) -> None:
        async for frame in socket:
            now = time.monotonic()
            if '"chat.line"' in str(frame)[:30]:
                self.heard.setdefault(json.loads(frame)["text"], []).append(now)

    async def everybody_heard(self, text: str) -> list[float]:
        """Wait until all have heard a line; give when. Raise `RuntimeError` once a socket is lost."""
        async with asyncio.timeout(DEADLINE_S):
            while len(self.heard.get(text, [])) < len(self.sockets):
                if lost := [task for task in self._listening if task.done()]:
                    raise RuntimeError(f"{len(lost)} sockets lost before {text!r} was heard") from lost[0].exception()
                await asyncio.sleep(0.02)
        return self.heard[text]


def crowd(address: str, cookies: list[str], pipe: Connection) -> None:
    """Be a part of the people; answer for each line named through `pipe` when everybody here heard it."""

    async def run() -> None:
        here = Crowd(address, cookies)
        await here.gather()
        pipe.send("ready")
        while (text := await asyncio.to_thread(pipe.recv)) != ENOUGH:
            pipe.send(await here.everybody_heard(text))

    asyncio.run(run())


@asynccontextmanager
async def _speaking(address: str, cookie: str) -> AsyncIterator[ClientConnection]:
    """Give a socket that may say lines; what it hears is read, for a client that does not read answers no ping."""
    async with connect(address, additional_headers={"cookie": cookie}, compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "version": 1, "name": "Speaker"}))
        reading = asyncio.create_task(_drain(socket))
        try:
            yield socket
        finally:
            reading.cancel()


async def _drain(socket: ClientConnection) -> None:
    async for _frame in socket:
        pass


async def say(address: str, cookie: str, lines: int, pipes: list[Connection]) -> list[list[float]]:
    """Say lines; give for each the times that it took to reach everybody."""
    took = []
    async with _speaking(address, cookie) as socket:
        for number in range(lines):
            await asyncio.sleep(PAUSE_S)
            text = f"line {number}"
            said = time.monotonic()
            await socket.send(json.dumps({"type": "chat.send", "text": text}))
            for pipe in pipes:
                pipe.send(text)
            heard = [moment for pipe in pipes for moment in await asyncio.to_thread(pipe.recv)]
            took.append([moment - said for moment in heard])
    return took


def report(took: list[list[float]]) -> None:
    """Print what was measured."""
    every = [one for line in took for one in line]
    hundredths = quantiles(every, n=100)
    last = [max(line) for line in took]
    print(
        f"{len(took)} lines to {len(took[0])} sockets: p50 {median(every) * 1e3:.0f} ms, "
        f"p99 {hundredths[98] * 1e3:.0f} ms, "
        f"the last socket after {median(last) * 1e3:.0f} ms (median), {max(last) * 1e3:.0f} ms (worst line)"
    )


def _begin(address: str, cookies: list[str]) -> Connection:
    """Start a process with a part of the people; what it answers, or that it failed (`EOFError`), comes by the pipe."""
    here, there = multiprocessing.Pipe()
    multiprocessing.Process(target=crowd, args=(address, cookies, there), daemon=True).start()
    there.close()
    return here


def measure(stack: Stack, options: argparse.Namespace) -> None:
    """Fill the room and say the lines."""
    slug = slugs.generate()
    cookies = people(stack, slug, options.sockets + 1)
    address = f"{stack.ws_url}/ws/rooms/{slug}/"
    pipes, started = [], time.monotonic()
    for part in range(options.processes):
        pipes.append(_begin(address, cookies[1 + part :: options.processes]))
    for pipe in pipes:
        pipe.recv()
    print(f"{options.sockets} sockets welcomed after {time.monotonic() - started:.1f} s")
    before = processes.cpu_s(stack.pid("web"))
    took = asyncio.run(say(address, cookies[0], options.lines, pipes))
    for pipe in pipes:
        pipe.send(ENOUGH)
    print(f"web: {(processes.cpu_s(stack.pid('web')) - before) / options.lines * 1e3:.0f} ms of CPU for each line")
    report(took)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2, help="that hold the sockets")
    options = parser.parse_args()
    print(processes.machine(), f"load {os.getloadavg()[0]:.1f}")
    with Stack(media=0) as stack:
        measure(stack, options)


if __name__ == "__main__":
    main()
