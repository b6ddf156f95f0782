"""Rooms through `livekit-api`: made, listed, described, entered, ended."""

from __future__ import annotations

import asyncio

import pytest
from livekit import api
from livekit.protocol import models
from livekit.protocol import room as messages

from tests.integration.callers import join_token
from tests.integration.receiver import CITY, KEY
from tests.media_live.people import Person, until
from tests.stack import Stack

pytestmark = pytest.mark.live
Reason = models.DisconnectReason


async def test_it_works(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    """A room is made, entered with a token that the integrator signed, and ended for everybody."""
    made = await city.room.create_room(messages.CreateRoomRequest(name=name, metadata="{}", max_participants=7))
    assert made.sid.startswith("RM_")
    assert (made.name, made.metadata, made.max_participants) == (name, "{}", 7)
    assert (made.empty_timeout, made.departure_timeout) == (300, 20)
    assert made.creation_time
    alice = Person("alice", single=True)
    await alice.connect(open_stack.ws_url, join_token(CITY, name, "alice"))
    assert (alice.room.name, await alice.room.sid, alice.room.metadata) == (name, made.sid, "{}")
    listed = await city.room.list_rooms(messages.ListRoomsRequest(names=[name]))
    assert [(one.name, one.sid, one.num_participants) for one in listed.rooms] == [(name, made.sid, 1)]
    await city.room.delete_room(messages.DeleteRoomRequest(room=name))
    await until(lambda: alice.of("disconnected") == [(Reason.ROOM_DELETED,)], "alice is told why she is out")
    assert not (await city.room.list_rooms(messages.ListRoomsRequest(names=[name]))).rooms


async def test_a_room_is_made_once(city: api.LiveKitAPI, name: str) -> None:
    first = await city.room.create_room(messages.CreateRoomRequest(name=name))
    again = await city.room.create_room(messages.CreateRoomRequest(name=name, metadata="new", departure_timeout=5))
    assert (again.sid, again.metadata, again.departure_timeout) == (first.sid, "new", 5)


async def test_a_join_token_makes_its_room(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    """As with LiveKit's server, and again and again until the token expires."""
    bearer = join_token(CITY, name, "alice")
    for _ in range(2):
        alice = Person("alice", single=False)
        await alice.connect(open_stack.ws_url, bearer)
        assert alice.room.name == name
        await alice.leave()
    assert len((await city.room.list_rooms(messages.ListRoomsRequest(names=[name]))).rooms) == 1


async def test_metadata_reaches_those_inside(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    alice = Person("alice", single=False)
    changes: list[str] = []
    alice.room.on("room_metadata_changed", lambda _old, new: changes.append(new))
    await alice.connect(open_stack.ws_url, join_token(CITY, name, "alice"))
    changed = await city.room.update_room_metadata(messages.UpdateRoomMetadataRequest(room=name, metadata="agenda"))
    assert changed.metadata == "agenda"
    await until(lambda: changes == ["agenda"], "alice is told of the metadata")
    bob = Person("bob", single=True)
    await bob.connect(open_stack.ws_url, join_token(CITY, name, "bob"))
    assert bob.room.metadata == "agenda"
    await bob.leave()
    await alice.leave()


async def test_a_full_room_is_closed(open_stack: Stack, city: api.LiveKitAPI, name: str) -> None:
    await city.room.create_room(messages.CreateRoomRequest(name=name, max_participants=1))
    alice, bob = Person("alice", single=True), Person("bob", single=True)
    await alice.connect(open_stack.ws_url, join_token(CITY, name, "alice"))
    with pytest.raises(Exception, match="full"):
        await bob.connect(open_stack.ws_url, join_token(CITY, name, "bob"))
    await alice.leave()


async def test_empty_rooms_end_by_themselves(city: api.LiveKitAPI, name: str) -> None:
    await city.room.create_room(messages.CreateRoomRequest(name=name, empty_timeout=1))
    request = messages.ListRoomsRequest(names=[name])
    async with asyncio.timeout(60):
        while (await city.room.list_rooms(request)).rooms:  # noqa: ASYNC110  (the API has nothing to wait on)
            await asyncio.sleep(0.2)


async def test_rooms_of_people_are_seen_by_the_service_alone(
    open_stack: Stack, operator: api.LiveKitAPI, city: api.LiveKitAPI, slug: str
) -> None:
    """And closed for everybody, but never deleted."""
    alice = Person("alice", single=True)
    await alice.enter(open_stack, slug)
    (seen,) = (await operator.room.list_rooms(messages.ListRoomsRequest(names=[slug]))).rooms
    assert (seen.name, seen.num_participants) == (alice.room.name, 1)
    assert alice.room.name not in [one.name for one in (await city.room.list_rooms(messages.ListRoomsRequest())).rooms]
    for wrong in (slug, alice.room.name):
        with pytest.raises(api.TwirpError) as refusal:
            await city.room.delete_room(messages.DeleteRoomRequest(room=wrong))
        assert refusal.value.code == "not_found"
    bob = Person("bob", single=True)
    await bob.connect(open_stack.ws_url, join_token(KEY, slug, "bob"))
    assert bob.room.name == alice.room.name
    assert bob.room.local_participant.attributes == {"kind": "guest"}
    await operator.room.delete_room(messages.DeleteRoomRequest(room=slug))
    for person in (alice, bob):
        await until(lambda who=person: who.of("disconnected") == [(Reason.ROOM_CLOSED,)], "everybody is told why")  # type: ignore[misc]
    again = Person("charlie", single=True)
    await again.enter(open_stack, slug)
    assert again.room.name == alice.room.name
    await again.leave()
