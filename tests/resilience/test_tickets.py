"""Tickets with the unmodified SDK: one opens one conversation, which ends at once with the right that it came from."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from livekit import rtc
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.media_live.people import Person, ticket, until
from tests.resilience.call import new_slug, tickets_for
from tests.stack import Stack

pytestmark = pytest.mark.live
MODE = pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
AT_ONCE_S = 2

MEMBER = """
from suite.identity.models import Login, User
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.rooms import tickets
from visio.wire import Grant
from django.utils import timezone
owner = User.objects.create_user("https://idp.example", "owner-{slug}")
alice = User.objects.create_user("https://idp.example", "alice-{slug}")
room = Room.create(owner, "room", AccessLevel.RESTRICTED)
room.add_member(alice)
login = Login.objects.create(user=alice)
print(tickets.issue(room.pk, Grant(str(alice.pk)), login=login.pk, via=tickets.Via.PAGE, now=timezone.now()))
"""
ENDS = {
    "sign-out": (
        "from suite.identity import logins; from suite.identity.models import Login;"
        " logins.end(Login.objects.get(user__sub='alice-{slug}'))",
        rtc.DisconnectReason.PARTICIPANT_REMOVED,
    ),
    "membership": (
        "from visio.rooms.models import Member; Member.objects.get(user__sub='alice-{slug}').delete()",
        rtc.DisconnectReason.PARTICIPANT_REMOVED,
    ),
    "room": (
        "from visio.rooms.models import Room; Room.objects.get(members__user__sub='alice-{slug}').delete()",
        rtc.DisconnectReason.ROOM_DELETED,
    ),
}


async def _is_refused(address: str, token: str, *, single: bool) -> bool:
    stranger = Person("stranger", single=single)
    try:
        await stranger.connect(address, token)
    except rtc.ConnectError:
        return True
    await stranger.leave()
    return False


@MODE
async def test_a_second_use_is_refused_while_the_first_lives_and_after(service: Stack, single: bool) -> None:
    address, token = await ticket(service, new_slug(), "alice")
    alice = Person("alice", single=single)
    await alice.connect(address, token)
    assert await _is_refused(address, token, single=not single)
    assert alice.room.isconnected()
    await alice.leave()
    assert await _is_refused(address, token, single=single)


@MODE
async def test_one_of_two_simultaneous_uses_wins(service: Stack, single: bool) -> None:
    address, token = await ticket(service, new_slug(), "alice")
    rivals = [Person("alice", single=single), Person("alice", single=single)]
    results = await asyncio.gather(*(one.connect(address, token) for one in rivals), return_exceptions=True)
    assert [type(result) for result in results if result] == [rtc.ConnectError]
    winner = rivals[results.index(None)]
    assert winner.room.isconnected()
    await winner.leave()


async def test_an_expired_ticket_is_refused(service: Stack) -> None:
    address, issue = await tickets_for(service, new_slug())
    assert await _is_refused(address, issue("alice", timedelta(minutes=5)), single=True)
    assert not await _is_refused(address, issue("alice"), single=True)


async def test_a_try_on_the_newer_path_leaves_the_ticket_for_the_older(service: Stack) -> None:
    address, token = await ticket(service, new_slug(), "alice")
    with pytest.raises(InvalidStatus):
        await connect(f"{service.ws_url}/rtc/v1?access_token={token}&join_request=unreadable")
    assert not await _is_refused(address, token, single=False)


@pytest.mark.parametrize("what", ENDS)
async def test_the_call_ends_with_the_right_to_it(service: Stack, what: str) -> None:
    slug = new_slug()
    command, reason = ENDS[what]
    shell = "shell", "--no-imports", "-v0", "-c"
    printed = await asyncio.to_thread(service.manage, *shell, MEMBER.format(slug=slug))
    alice = Person("alice", single=False)
    await alice.connect(service.ws_url, printed.split()[-1])
    await asyncio.to_thread(service.manage, *shell, command.format(slug=slug))
    await until(lambda: alice.of("disconnected"), "the call has ended", AT_ONCE_S)
    assert alice.of("disconnected") == [(reason,)]
