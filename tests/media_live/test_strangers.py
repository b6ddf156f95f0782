"""Datagrams of strangers at a real worker: a counter each, no answer, no state, and the call beside them goes on."""

from __future__ import annotations

import os
import random
import select
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering
from tests.stack import Stack

pytestmark = pytest.mark.live
CORPUS = Path(__file__).resolve().parent.parent / "fuzz" / "corpus"
DATAGRAMS = 50_000
SOURCES = 250
ROUND = 100
"""As many as fit into the socket's buffer when the kernel gives it no more than it gives everybody."""
ARRIVED_MIN = 0.9
GROWTH_MAX_BYTES = 6 * 1024 * 1024
COOKIE = 0x2112A442
COUNTED = ("unknown_sender", "stun_ignored", "stun_refused")


def _sources() -> list[socket.socket]:
    """Open sockets on many addresses and ports of the loopback network."""
    opened = []
    for number in range(SOURCES):
        source = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        source.bind((f"127.0.{number % 5}.{2 + number}", 0))
        source.setblocking(False)
        opened.append(source)
    return opened


def _check(username: bytes, *, kind: int = 1, integrity: bytes = b"\0" * 20) -> bytes:
    """Give a STUN message that proves nothing."""
    body = struct.pack("!HH", 6, len(username)) + username + bytes(-len(username) % 4)
    body += struct.pack("!HH", 0x25, 0) + struct.pack("!HH", 8, len(integrity)) + integrity
    return struct.pack("!HHI12s", kind, len(body), COOKIE, os.urandom(12)) + body


def _varied(chance: random.Random) -> Iterator[bytes]:
    """Give all that a stranger might send: recorded traffic, damaged traffic, noise, checks for guessed names."""
    recorded = [path.read_bytes()[:1200] for path in CORPUS.glob("*/*")]
    while True:
        seed = bytearray(chance.choice(recorded) or b"\0")
        yield bytes(seed)
        seed[chance.randrange(len(seed))] ^= 1 << chance.randrange(8)
        yield bytes(seed)
        yield chance.randbytes(chance.randrange(1200))
        yield bytes((chance.randrange(4),)) + chance.randbytes(60)
        yield bytes((chance.choice((20, 22, 63, 64, 128, 144, 191)),)) + chance.randbytes(200)
        yield _check(chance.randbytes(8).hex().encode() + b":abcd", kind=chance.choice((1, 0x11, 0x101, 3, 0x111)))


async def _state(headquarters: Headquarters, worker: str) -> dict[str, Any]:
    return await headquarters.dump(worker)


def _counted(state: dict[str, Any]) -> int:
    return sum(state["mux"].get(name, 0) for name in COUNTED)


async def test_datagrams_of_strangers_cost_a_counter_and_nothing_else(stack: Stack, slug: str) -> None:
    alice, bob = Person("alice", single=True), Person("bob", single=False)
    sources = _sources()
    async with gathering(stack, slug, alice, bob), Headquarters(stack) as headquarters:
        await alice.speak(440)
        await bob.hears("alice", 440)
        worker, _, _ = await headquarters.find("alice")
        place = ("127.0.0.1", int(stack.env["MEDIA_UDP_PORT"]) + 2 * int(worker.partition("-")[0]))
        before, heard = await _state(headquarters, worker), bob.received["alice", "mic"].frames()
        datagrams = _varied(random.Random(1))  # noqa: S311  (the same noise each time)
        for sent in range(0, DATAGRAMS, ROUND):
            for number in range(ROUND):
                sources[(sent + number) % SOURCES].sendto(next(datagrams), place)
            after = await _state(headquarters, worker)
        assert _counted(after) - _counted(before) >= ARRIVED_MIN * DATAGRAMS
        assert select.select(sources, [], [], 0)[0] == []
        for holding in ("owners", "paths", "connections"):
            assert after["mux"][holding] <= before["mux"][holding]  # those of earlier tests may end meanwhile
        assert after["fds"] <= before["fds"]
        assert after["mux"].get("handler_failed", 0) == 0
        assert after["rss_bytes"] - before["rss_bytes"] < GROWTH_MAX_BYTES
        assert bob.received["alice", "mic"].frames() > heard
        await bob.hears("alice", 440)
        assert not [event for who in (alice, bob) for event in who.of("reconnecting") + who.of("disconnected")]
    for source in sources:
        source.close()
