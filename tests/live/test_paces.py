"""What everybody is told of, nobody does without end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suite.identity.models import User
from tests.live.meeting import Present, present
from visio.live import chat
from visio.live.handlers import hands, polls
from visio.rooms.models import Room

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("layer")]


async def answers(person: Present, count: int, type: str, **fields: Any) -> list[str]:  # noqa: A002
    """Say the same so many times; give what is answered each time."""
    found = []
    for number in range(1, count + 1):
        await person.say(type, id=number, **fields)
        while (heard := await _answer(person)).get("to") != number:
            pass
        found.append(heard.get("code", "done"))
    return found


async def _answer(person: Present) -> dict[str, Any]:
    heard: dict[str, Any] = json.loads((await person.output())["text"])
    return heard if heard["type"] in ("done", "error") else {}


async def test_hands(room: Room, alice: User) -> None:
    """A hand goes up and down ten times in ten seconds."""
    host = await present(room, alice)
    assert await answers(host, hands.HANDS_MAX + 1, "hand.raise") == ["done"] * hands.HANDS_MAX + ["slow_down"]
    await host.leave()


async def test_votes(room: Room, alice: User) -> None:
    """A vote is changed ten times in ten seconds."""
    host = await present(room, alice)
    await host.say("poll.make", question="When?", options=["now", "later"], multiple=False, anonymous=False)
    poll = (await host.hears("poll.state"))["poll"]["id"]
    said = await answers(host, polls.VOTES_MAX + 1, "poll.vote", poll=poll, choices=[0])
    assert said == ["done"] * polls.VOTES_MAX + ["slow_down"]
    await host.leave()


async def test_changed_lines(room: Room, alice: User) -> None:
    """A line is changed as often as lines may be said."""
    host = await present(room, alice)
    await host.say("chat.send", text="one")
    line = (await host.hears("chat.line"))["id"]
    said = await answers(host, chat.OFTEN_MAX + 1, "chat.edit", line=line, text="two")
    assert said == ["done"] * chat.OFTEN_MAX + ["slow_down"]
    await host.leave()
