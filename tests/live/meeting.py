"""People in the media room, as the database knows them, for tests that need no worker."""

from __future__ import annotations

import dataclasses
import secrets
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from suite.identity.models import Login, User
from tests.live.browser import Browser
from visio.attendance.models import Gathering
from visio.rooms import entry, guests
from visio.rooms.models import Room
from visio.rooms.person import of_login
from visio.rooms.visits import Visit
from visio.signalling.models import Session
from visio.wire import Grant


def enter(room: Room, user: User | None = None, *, guest: str = "dave", name: str = "Dave") -> Session:
    """Write down that somebody is in the media room, by a ticket as the door gives it."""
    now, facts = timezone.now(), room.facts
    login = Login.objects.create(user=user) if user else None
    person = of_login(login, room)
    grant = entry.user_grant(login, person) if login else entry.guest_grant(guests.identity(guest, room.main_id), name)
    grant = entry.permitted(grant, facts, person)
    Gathering.begin(room.pk, now)
    return open_session(room, grant, login)


def open_session(room: Room, grant: Grant, login: Login | None = None) -> Session:
    """Write down a session that the worker has answered."""
    return Session.objects.create(
        ticket=secrets.token_hex(8),
        channel="",
        room=room,
        login=login,
        via="page",
        identity=grant.identity,
        grant=dataclasses.asdict(grant),
        answered_at=timezone.now(),
    )


class Present(Browser):
    """The browser of somebody who is in the media room as well; `lines` are those that it was told first."""

    lines: list[dict[str, Any]]


async def present(room: Room, user: User | None = None, *, guest: str = "dave", name: str = "Dave") -> Present:
    """Bring somebody in who has been welcomed and has the history."""
    if user is None:
        identity = guests.identity(guest, room.pk)
        await sync_to_async(Visit.ask)(room, identity, None, name, {"kind": "guest"})
        await Visit.objects.filter(room=room, identity=identity).aupdate(state="admitted")
    await sync_to_async(enter)(room, user, guest=guest, name=name)
    browser = Present(room, user, guest)
    await browser.arrive(name)
    browser.lines = (await browser.hears("chat.history"))["lines"]
    return browser
