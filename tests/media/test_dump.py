"""The description of rooms in its three degrees, from rooms of the real worker."""

from __future__ import annotations

import json
from typing import Any

from tests.media.hall import Hall
from visio import wire
from visio.media.dump import dump

PEOPLE = 3


async def described(hall: Hall, room: str = "room", **options: str) -> dict[str, Any]:
    """Give a description as web reads it."""
    body: dict[str, Any] = json.loads(await dump(hall.rooms, wire.Dump("1", "here", room, **options), {"id": "0-abc"}))
    return body


def _hall() -> Hall:
    hall = Hall()
    for number in range(PEOPLE):
        hall.enter(f"person-{number}", name=f"Person {number}")
    return hall


async def test_brief_says_who_is_there() -> None:
    said = await described(_hall(), "", detail="brief")
    (room,) = said["rooms"]
    assert said["id"] == "0-abc"
    assert said["rss_bytes"] > 0
    assert room["title"] == "Room"
    assert [who["session"] for who in room["participants"]] == [f"session-of-person-{n}" for n in range(PEOPLE)]
    assert "person" not in json.dumps(room["participants"]).replace("session-of-person", "")


async def test_a_summary_has_no_subscriptions_but_those_of_one() -> None:
    hall = _hall()
    sid = next(iter(hall.rooms.rooms["room"].participants))
    people = (await described(hall, detail="summary", participant=sid))["participants"]
    assert [who["sid"] for who in people if "subscriptions" in who] == [sid]
    assert all(who["connections"][0]["way"] == "none" for who in people)
    assert all(who["quality"] == "excellent" for who in people)


async def test_full_is_everything() -> None:
    people = (await described(_hall()))["participants"]
    assert all("subscriptions" in who and "peers" in who for who in people)


async def test_a_room_that_is_not_here() -> None:
    assert await described(_hall(), "other") == {}


async def test_somebody_leaves_while_the_room_is_described() -> None:
    hall = _hall()
    coroutine = dump(hall.rooms, wire.Dump("1", "here", "room"), {})
    coroutine.send(None)
    hall.rooms.close("room", 0)
    body = ""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        body = end.value
    assert len(json.loads(body)["participants"]) == PEOPLE
    await hall.done()


async def test_a_client_of_an_unknown_make() -> None:
    hall = _hall()
    who = next(iter(hall.rooms.rooms["room"].participants.values()))
    who.client.sdk = 99  # type: ignore[assignment]
    who.client.version = "1" * 200
    people = (await described(hall, detail="summary"))["participants"]
    assert people[0]["client"].startswith("99 111")
    assert len(people[0]["client"]) <= 60
