"""Polls over the companion socket: hosts ask, people in the meeting vote once, anonymous is anonymous."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from asgiref.sync import sync_to_async
from django.core import serializers
from django.test import Client as WebClient
from django.urls import reverse
from django.utils import timezone

from suite.identity.models import User
from tests.identity.people import sign_in
from tests.live.browser import Browser
from tests.live.test_attendance import enter
from tests.signalling.worker import FakeWorker
from visio.attendance.models import Gathering
from visio.live import tasks
from visio.live.models import Ballot, Poll
from visio.rooms.models import Room
from visio.rooms.roles import Role
from visio.rooms.visits import Visit

QUESTION = {"question": "Which day?", "options": ["Monday", "Tuesday"], "multiple": False, "anonymous": False}


class Meeting:
    """Alice hosts, charlie is a member, both in the meeting."""

    def __init__(self, room: Room, host: Browser, member: Browser) -> None:
        self.room, self.host, self.member = room, host, member

    async def ask(self, **changes: object) -> str:
        """Make a poll and give its id as the member hears it."""
        await self.host.say("poll.make", **{**QUESTION, **changes})
        poll: str = (await self.member.hears("poll.state"))["poll"]["id"]
        await self.host.hears("poll.result", poll=poll)
        return poll


@pytest_asyncio.fixture
async def meeting(worker: FakeWorker, room: Room, alice: User, charlie: User) -> AsyncIterator[Meeting]:
    """Everybody is there."""
    await sync_to_async(room.add_member)(charlie)
    clients = [(await enter(worker, room, user))[0] for user in (alice, charlie)]
    host, member = Browser(room, alice), Browser(room, charlie)
    await host.arrive()
    await member.arrive()
    yield Meeting(room, host, member)
    await host.leave()
    await member.leave()
    for client in clients:
        await client.leave()


async def test_it_works(meeting: Meeting, charlie: User) -> None:
    """A named poll: the host sees who chose what, a later vote replaces the former, late comers see it."""
    poll = await meeting.ask()
    await meeting.member.say("poll.vote", poll=poll, choices=[0])
    assert (await meeting.member.hears("poll.voted"))["choices"] == [0]
    result = await meeting.host.hears("poll.result")
    assert (result["votes"], result["voters"], result["names"]) == ([1, 0], 1, [[str(charlie)], []])
    await meeting.member.say("poll.vote", poll=poll, choices=[1])
    assert (await meeting.host.hears("poll.result"))["votes"] == [0, 1]
    late = Browser(meeting.room, charlie)
    await late.arrive()
    assert [one["open"] for one in (await late.hears("poll.list"))["polls"]] == [True]
    assert (await late.hears("poll.voted"))["choices"] == [1]
    await meeting.host.say("poll.close", poll=poll)
    assert not (await meeting.member.hears("poll.state"))["poll"]["open"]
    await meeting.member.say("poll.vote", poll=poll, choices=[0], id=7)
    assert (await meeting.member.hears("error", to=7))["code"] == "not_allowed"
    await late.leave()


async def test_the_result_is_for_hosts_until_it_is_shown(meeting: Meeting) -> None:
    poll = await meeting.ask()
    await meeting.host.say("poll.vote", poll=poll, choices=[1])
    await meeting.host.hears("poll.result", votes=[0, 1])
    await meeting.member.hears_none("poll.result")
    await meeting.host.say("poll.show", poll=poll, shown=True)
    assert (await meeting.member.hears("poll.result"))["votes"] == [0, 1]


async def test_anonymous_is_anonymous(meeting: Meeting, charlie: User) -> None:
    """One vote a person, and nothing that is kept or sent ties a person to a choice."""
    poll = await meeting.ask(anonymous=True, multiple=True, options=["A", "B", "C"])
    await meeting.member.say("poll.vote", poll=poll, choices=[0, 2])
    assert (await meeting.member.hears("poll.voted"))["choices"] == []
    result = await meeting.host.hears("poll.result")
    assert (result["votes"], result["voters"], result["names"]) == ([1, 0, 1], 1, None)
    await meeting.member.say("poll.vote", poll=poll, choices=[1], id=2)
    assert (await meeting.member.hears("error", to=2))["code"] == "not_allowed"
    kept = await sync_to_async(lambda: serializers.serialize("json", Ballot.objects.all()))()
    assert [row["fields"] for row in json.loads(kept)] == [
        {"poll": poll, "identity": str(charlie.pk), "name": "", "choices": []}
    ]


async def test_members_do_not_ask_and_strange_votes_do_not_count(meeting: Meeting) -> None:
    await meeting.member.say("poll.make", id=1, **QUESTION)
    assert (await meeting.member.hears("error", to=1))["code"] == "not_allowed"
    await meeting.host.say("poll.make", id=2, **{**QUESTION, "options": ["one"]})
    assert (await meeting.host.hears("error", to=2))["code"] == "malformed"
    poll = await meeting.ask()
    for number, choices in enumerate(([], [0, 1], [2], [-1]), start=10):
        await meeting.member.say("poll.vote", poll=poll, choices=choices, id=number)
        assert (await meeting.member.hears("error", to=number))["code"] == "not_allowed"
    assert (await Poll.objects.aget()).votes == [0, 0]


async def test_who_is_only_on_the_socket_does_not_vote(meeting: Meeting, bob: User) -> None:
    poll = await meeting.ask()
    await sync_to_async(meeting.room.add_member)(bob)
    onlooker = Browser(meeting.room, bob)
    await onlooker.arrive()
    await onlooker.say("poll.vote", poll=poll, choices=[0], id=1)
    assert (await onlooker.hears("error", to=1))["message"] == "You are not in the meeting."
    await onlooker.leave()


async def test_export(meeting: Meeting, alice: User, charlie: User) -> None:
    """Hosts take the result home; others find nothing there."""
    poll = await meeting.ask(question="=1+1")
    await meeting.member.say("poll.vote", poll=poll, choices=[0])
    await meeting.member.hears("poll.voted")
    gathering = await Gathering.objects.aget()

    def fetch(user: User) -> tuple[int, str]:
        web = WebClient()
        sign_in(web, user)
        answer = web.get(reverse("polls", args=[meeting.room.slug, gathering.pk, "csv"]))
        return answer.status_code, answer.content.decode("utf-8-sig")

    status, text = await sync_to_async(fetch)(alice)
    assert (status, text.splitlines()[1]) == (200, f'"\'=1+1","Monday",1,1,"{charlie}"')
    assert (await sync_to_async(fetch)(charlie))[0] == 404
    await sync_to_async(Visit.give_role)(meeting.room, charlie, Role.HOST, alice)
    assert (await sync_to_async(fetch)(charlie))[0] == 200, "a co-host"


async def test_the_ballot_has_the_name_of_the_session(meeting: Meeting, charlie: User) -> None:
    """As the others see it in the meeting, whatever the socket was told."""
    session = await meeting.room.sessions.aget(identity=str(charlie.pk))
    session.grant["name"] = "Charlie of the session"
    await session.asave()
    poll = await meeting.ask()
    await meeting.member.say("poll.vote", poll=poll, choices=[0], id=1)
    await meeting.member.hears("done", to=1)
    assert (await Ballot.objects.aget()).name == "Charlie of the session"


async def test_who_voted_is_forgotten_with_who_was_there(meeting: Meeting) -> None:
    """At once where no report of attendance is kept; the numbers stay."""
    poll = await meeting.ask()
    for each in (meeting.host, meeting.member):
        await each.say("poll.vote", poll=poll, choices=[0])
        await each.hears("poll.voted")
    await sync_to_async(meeting.room.change)(terms={"attendance_days": 0})
    gathering = await Gathering.objects.select_related("room").aget()
    await sync_to_async(gathering.end)(timezone.now())
    assert await sync_to_async(forgotten)() == (["", ""], 2, [2, 0])


async def test_who_voted_is_kept_as_long_as_who_was_there(meeting: Meeting, charlie: User) -> None:
    poll = await meeting.ask()
    await meeting.member.say("poll.vote", poll=poll, choices=[0])
    await meeting.member.hears("poll.voted")
    await sync_to_async(meeting.room.change)(terms={"attendance_days": 5})
    gathering = await Gathering.objects.select_related("room").aget()
    await sync_to_async(gathering.end)(timezone.now())
    await sync_to_async(tasks.erase_chats)()
    assert await sync_to_async(forgotten)() == ([str(charlie)], 1, [1, 0])
    await Gathering.objects.aupdate(ended_at=timezone.now() - timedelta(days=6))
    await sync_to_async(tasks.erase_chats)()
    assert await sync_to_async(forgotten)() == ([""], 1, [1, 0])


def forgotten() -> tuple[list[str], int, list[int]]:
    """Give the names of those who voted, how many they are to the database, and the votes."""
    ballots = Ballot.objects.all()
    return [one.name for one in ballots], len({one.identity for one in ballots}), Poll.objects.get().votes
