"""How long a chat is kept, and how it is taken away."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from suite.identity.models import User
from tests.live.meeting import enter
from tests.live.test_chat_files import browser
from visio.attendance.models import Gathering
from visio.live import chat, retention, tasks
from visio.live.models import ChatMessage, Poll
from visio.rooms.models import OrganizationPolicy, Room
from visio.rooms.visits import Visit
from visio.signalling.models import Session


@pytest.fixture
def room(room: Room, charlie: User, valkey: str) -> Room:
    """Alice's room with charlie as a member."""
    room.add_member(charlie)
    return room


def say(room: Room, user: User, text: str, to: User | None = None) -> None:
    """Have somebody say a line."""
    if not Session.objects.filter(room=room, identity=str(user.pk)).exists():
        enter(room, user)
    session = Session.objects.select_related("room").get(room=room, identity=str(user.pk))
    chat.say(session, chat.Draft(text, to=str(to.pk) if to else None))


def end(room: Room, days_ago: int = 0) -> None:
    """End the meeting."""
    now = timezone.now() - timedelta(days=days_ago)
    Session.objects.update(left_at=now)
    Gathering.objects.get(room=room).end(now)


@pytest.mark.parametrize("days", [None, 0])
def test_a_chat_ends_with_the_meeting(room: Room, alice: User, days: int | None) -> None:
    """Unless the room asks for more: the service's limit alone keeps nothing."""
    room.change(terms={"chat_days": days})
    say(room, alice, "hello")
    end(room)
    assert not ChatMessage.objects.exists()


def test_it_is_kept_for_days(room: Room, alice: User) -> None:
    room.change(terms={"chat_days": 7})
    say(room, alice, "hello")
    end(room, days_ago=6)
    tasks.erase_chats()
    assert ChatMessage.objects.exists()
    Gathering.objects.update(ended_at=timezone.now() - timedelta(days=7))
    tasks.erase_chats()
    assert not ChatMessage.objects.exists()


def test_a_level_above_shortens_it(room: Room, alice: User) -> None:
    """Also for what is kept already."""
    room.change(terms={"chat_days": 30})
    say(room, alice, "hello")
    end(room, days_ago=3)
    Room.objects.update(siret="13002526500013")
    OrganizationPolicy.objects.create(code="130025265", name="DINUM", terms={"chat_days": 2})
    assert retention.days_of(Room.objects.get(pk=room.pk)) == 2
    tasks.erase_chats()
    assert not ChatMessage.objects.exists()


def test_what_goes_on_is_not_erased(room: Room, alice: User) -> None:
    say(room, alice, "hello")
    tasks.erase_chats()
    assert ChatMessage.objects.exists()


def _taken(client: Client, room: Room, form: str) -> str:
    answer = client.get(f"/rooms/{room.slug}/chats/{Gathering.objects.get().pk}.{form}")
    assert answer.status_code == 200
    assert answer["content-disposition"].startswith("attachment; ")
    return answer.content.decode()


def test_members_take_it_away(room: Room, alice: User, charlie: User) -> None:
    """In four forms, with their own private lines only; nothing in it is a formula or Markdown."""
    enter(room, charlie)
    say(room, alice, '=HYPERLINK("https://evil.example") *now*')
    say(room, alice, "Between us", to=charlie)
    say(room, charlie, "Two\nlines")
    text = _taken(browser(charlie), room, "txt")
    assert "Alice Test → Charlie Test: Between us" in text
    document = _taken(browser(alice), room, "md")
    assert "\\=" not in document
    assert "\\*now\\*" in document
    assert "Two  \n  lines" in document
    body: dict[str, Any] = json.loads(_taken(browser(alice), room, "json"))
    assert [line["from"]["name"] for line in body["lines"]] == ["Alice Test", "Alice Test", "Charlie Test"]
    rows = list(csv.reader(io.StringIO(_taken(browser(alice), room, "csv").lstrip("\ufeff"))))
    assert rows[1][4].startswith("'=HYPERLINK")
    assert rows[1][2] == "Ministry of Tests"
    page = browser(alice).get(f"/rooms/{room.slug}/chats/").content.decode()
    assert "3 messages" in page
    ChatMessage.objects.filter(recipient=str(charlie.pk)).update(sender="x")
    assert "Between us" not in _taken(browser(alice), room, "txt")


def test_who_is_kept_outside_does_not_read_what_goes_on(room: Room, alice: User, charlie: User) -> None:
    """A member reads the running chat in the meeting only; who is banned reads nothing, until the ban is lifted."""
    room.change(terms={"chat_days": 7})
    say(room, alice, "hello")
    member, gathering = browser(charlie), Gathering.objects.get()
    pages = (f"/rooms/{room.slug}/chats/", f"/rooms/{room.slug}/chats/{gathering.pk}.txt")
    assert "1 message" not in member.get(pages[0]).content.decode()
    assert member.get(pages[1]).status_code == 404
    end(room)
    assert "1 message" in member.get(pages[0]).content.decode()
    assert member.get(pages[1]).status_code == 200
    Visit.ban(room, str(charlie.pk), [], "Charlie", alice, for_good=False)
    assert "1 message" not in member.get(pages[0]).content.decode()
    assert member.get(pages[1]).status_code == 404


def test_nobody_else_does(room: Room, alice: User) -> None:
    """Neither a stranger nor a guest learns that there is anything."""
    say(room, alice, "hello")
    stranger = browser(User.objects.create_user("https://idp.example", "eve"))
    address = f"/rooms/{room.slug}/chats/"
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}{Gathering.objects.get().pk}.txt").status_code == 404
    assert Client().get(address).status_code == 302
    assert browser(alice).get(f"{address}{Gathering.objects.get().pk}.exe").status_code == 404


def test_notes_and_polls_are_not_kept_for_ever(room: Room, alice: User, settings: Any) -> None:
    """Once its chat and the report of who was there are gone, the gathering goes with them."""
    settings.GATHERING_DAYS = 30
    room.change(terms={"chat_days": 60})
    say(room, alice, "hello")
    gathering = Gathering.objects.get()
    Poll.objects.create(
        gathering=gathering, question="When?", options=["now"], votes=[0], is_multiple=False, is_anonymous=True
    )
    end(room, days_ago=31)
    tasks.erase_chats()
    assert Gathering.objects.exists()
    gathering.participations.all().delete()
    tasks.erase_chats()
    assert Gathering.objects.exists()
    Gathering.objects.update(ended_at=timezone.now() - timedelta(days=60))
    tasks.erase_chats()
    tasks.erase_chats()
    assert not Gathering.objects.exists()
    assert not Poll.objects.exists()


def test_notes_and_polls_of_lately_stay(room: Room, alice: User, settings: Any) -> None:
    settings.GATHERING_DAYS = 30
    say(room, alice, "hello")
    Poll.objects.create(
        gathering=Gathering.objects.get(),
        question="When?",
        options=["now"],
        votes=[0],
        is_multiple=False,
        is_anonymous=True,
    )
    end(room, days_ago=29)
    Gathering.objects.get().participations.all().delete()
    tasks.erase_chats()
    assert Poll.objects.exists()
