"""The agenda and the timer, by the server's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async

from suite.identity.models import User
from tests.live.browser import Browser
from tests.live.test_attendance import enter
from tests.signalling.worker import FakeWorker
from visio.rooms.models import Room


def _left(state: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(state["ends_at"]) - datetime.fromisoformat(state["now"])


async def test_it_works(worker: FakeWorker, room: Room, alice: User, charlie: User) -> None:
    """Items, the current one, its countdown, a pause; everybody hears each state whole."""
    await sync_to_async(room.add_member)(charlie)
    client, _order = await enter(worker, room, alice)
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    assert (await member.hears("agenda.state"))["items"] == []
    await host.say("agenda.set", texts=["Welcome", "Budget"], minutes=[5, 20], current=-1)
    assert (await member.hears("agenda.state"))["items"][1] == {"text": "Budget", "minutes": 20}
    await host.say("agenda.go", item=1)
    running = await member.hears("agenda.state")
    assert running["current"] == 1
    assert timedelta(minutes=19, seconds=50) < _left(running) <= timedelta(minutes=20)
    await host.say("timer.pause", paused=True)
    paused = await member.hears("agenda.state")
    assert (paused["ends_at"], 1_190_000 < paused["left_ms"] <= 1_200_000) == (None, True)
    await host.say("timer.pause", paused=False)
    assert _left(await member.hears("agenda.state")) <= timedelta(milliseconds=paused["left_ms"])
    await host.say("timer.start", seconds=0)
    assert (await member.hears("agenda.state"))["ends_at"] is None
    await member.say("timer.start", seconds=60, id=1)
    assert (await member.hears("error", to=1))["code"] == "not_allowed"
    for number, minutes in enumerate(([], [-1]), start=2):
        await host.say("agenda.set", texts=["x"], minutes=minutes, current=-1, id=number)
        assert (await host.hears("error", to=number))["code"] == "malformed"
    for each in (host, member, client):
        await each.leave()
