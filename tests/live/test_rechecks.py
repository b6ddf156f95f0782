"""Who is looked at when something changes, and what that costs."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suite.identity.models import User
from tests.live.meeting import enter, present
from visio.live import news, seat
from visio.live.seat import Seat
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel, Role
from visio.signalling import rights


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the identities that are looked at."""
    found, take = [], seat.take

    def noted(here: Seat, name: str) -> tuple[Seat, dict[str, Any]]:
        found.append(here.identity)
        return take(here, name)

    monkeypatch.setattr(seat, "take", noted)
    return found


@pytest.mark.asyncio
@pytest.mark.usefixtures("layer")
async def test_an_opened_lock_concerns_those_who_wait(room: Room, alice: User, looked_at: list[str]) -> None:
    """Nobody who is inside is looked at."""
    host = await present(room, alice)
    looked_at.clear()
    await sync_to_async(news.recheck_waiting)(room.pk)
    await sync_to_async(news.say)(room.pk, {"type": "test"})
    await host.hears("test")
    await host.hears_none("lobby.admitted")
    assert looked_at == []
    await host.leave()


@pytest.mark.asyncio
@pytest.mark.usefixtures("layer")
async def test_a_role_concerns_its_person_and_the_hosts(
    room: Room, alice: User, bob: User, looked_at: list[str]
) -> None:
    """A guest is not looked at because a member becomes host."""
    await sync_to_async(room.add_member)(bob, Role.MEMBER)
    host, member, guest = await present(room, alice), await present(room, bob), await present(room)
    looked_at.clear()
    await sync_to_async(lambda: room.members.get(user=bob).change_role(Role.HOST))()
    await member.hears("room.rights", host=True)
    for person in (host, guest):
        await person.hears_none("error")
    assert set(looked_at) == {str(alice.pk), str(bob.pk)}
    for person in (host, member, guest):
        await person.leave()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_rights_of_many_cost_as_many_queries_as_those_of_one(alice: User) -> None:
    """New rights are written and told together."""
    counts = []
    for people in (1, 12):
        room = Room.create(alice, "Hall", AccessLevel.PUBLIC)
        for number in range(people):
            enter(room, guest=f"guest-{number}")
        Room.objects.filter(pk=room.pk).update(terms={"microphone": "hosts"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert rights.renew(room) == people
        counts.append(len(queries))
    assert counts[0] == counts[1]
