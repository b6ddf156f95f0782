"""What happens in a meeting of the client under test with alice, who has the current SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from livekit import rtc

from tests.clients.cable import Cable, cable
from tests.clients.client import Client, Kind, running
from tests.media_live.headquarters import Headquarters
from tests.media_live.people import Person, gathering, ticket, until
from tests.stack import Stack
from visio.rooms import slugs


@asynccontextmanager
async def talking(
    stack: Stack, kind: Kind, folder: Path, *, single: bool | None
) -> AsyncIterator[tuple[Client, Person, Cable]]:
    """Let a client and alice see and hear each other in a new room; give the way of the client's socket, too.

    Alice has one connection when the client has two, and the other way round.
    """
    alice, slug = Person("alice", single=not single), slugs.generate()
    async with running(kind, folder) as client, gathering(stack, slug, alice), cable(stack.port) as (way, address):
        await alice.speak(440)
        await alice.show(200)
        _, token = await ticket(stack, slug, "client")
        await client.do("join", address=address, ticket=token, single=single)
        await client.do("publish")
        await meets(kind, client, alice)
        yield client, alice, way


async def hold_meeting(stack: Stack, kind: Kind, folder: Path, *, single: bool | None) -> None:
    """Media, data, mute, a shared screen, a lost socket, a worker that goes where there is another one, goodbye."""
    async with talking(stack, kind, folder, single=single) as (client, alice, way), Headquarters(stack) as headquarters:
        await exchange(client, alice, "first")
        await mutes(kind, client, alice)
        await shares(kind, client, alice)
        await resumes(client, alice, way)
        await meets(kind, client, alice)
        if stack.media > 1:
            await moves(stack, headquarters, client)
            await meets(kind, client, alice)
            await exchange(client, alice, "last")
        await client.do("leave")
        await until(lambda: not alice.others(), "alice sees it gone")


async def meets(kind: Kind, client: Client, alice: Person) -> None:
    """Wait until sound and picture flow both ways."""
    await client.hears("alice", 440)
    await client.sees("alice", 200)
    await listens(kind, alice)


async def listens(kind: Kind, alice: Person) -> None:
    """Wait until somebody gets new sound and pictures of the client."""
    for name in ("mic", "cam"):
        before = alice.received["client", name].frames()
        await until(lambda n=name, b=before: alice.received["client", n].frames() > b + 10, f"alice gets its {name}")  # type: ignore[misc]
    sound = alice.received["client", "mic"]
    await until(lambda: sound.loudness(10) > 100, "alice hears the client")
    if kind.hz:
        await until(lambda: abs(sound.pitch_hz() - kind.hz) < 5, f"alice hears {kind.hz} Hz")


async def exchange(client: Client, alice: Person, word: str) -> None:
    """Send a reliable message each way."""
    await client.do("send", text=f"{word} of the client")
    await until(
        lambda: [packet.data.decode() for (packet,) in alice.of("data_received")].count(f"{word} of the client") == 1,
        "alice has the message",
    )
    await alice.room.local_participant.publish_data(f"{word} of alice")
    await client.until(lambda seen: seen["texts"].count(f"{word} of alice") == 1, "it has the message")


async def mutes(kind: Kind, client: Client, alice: Person) -> None:
    """Each is told when the other one mutes, and hears when that ends."""
    (spoken,) = (one for one in alice.room.local_participant.track_publications.values() if one.name == "mic")
    assert isinstance(spoken.track, rtc.LocalAudioTrack)
    spoken.track.mute()
    await client.until(lambda seen: seen["muted"] == ["alice/microphone"], "it is told of the mute")
    spoken.track.unmute()
    await client.until(lambda seen: not seen["muted"], "it is told of the end")
    if kind.mutes:
        await client.do("mute", on=True)
        await until(lambda: alice.of("track_muted"), "alice is told of the mute")
        await client.do("mute", on=False)
        await until(lambda: alice.of("track_unmuted"), "alice is told of the end")


async def shares(kind: Kind, client: Client, alice: Person) -> None:
    """Alice sees the screen of those who have one."""
    if kind.shares:
        await client.do("share")
        await until(lambda: alice.received["client", "screen"].frames() > 5, "alice sees the screen")


async def resumes(client: Client, alice: Person, way: Cable) -> None:
    """Cut the socket: the participant stays and talks on, and what was said in the gap arrives once."""
    before = (await client.look())["sid"]
    assert way.cut()
    await exchange(client, alice, "second")
    await until(lambda: way.carries, "it is connected again")
    await exchange(client, alice, "third")
    assert (await client.look())["sid"] == before
    assert not alice.of("participant_disconnected")


async def moves(stack: Stack, headquarters: Headquarters, client: Client) -> None:
    """End the worker of the room: everybody joins anew on the other one."""
    before = (await client.look())["sid"]
    worker, _, _ = await headquarters.find("client")
    name = f"media-{worker.partition('-')[0]}"
    await asyncio.to_thread(stack.stop, name)
    try:
        await client.until(lambda seen: seen["sid"] != before, "it has joined anew")
    finally:
        stack.start(name)  # in this thread: with the thread that starts it, a child of the stack dies
