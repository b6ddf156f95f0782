"""Invitations to a room by e-mail: to how many addresses one person may write, and what is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from suite import env
from suite.identity.models import User
from visio.rooms.errors import RoomsError
from visio.rooms.models import Room

AT_ONCE = 20
WINDOW_S = 3600
PER_ROOM = 60
"""Addresses to which one person may write about one room in an hour."""
PER_PERSON = 200
"""The same about all rooms."""


class TooManyInvitationsError(RoomsError):
    """A person has written to as many addresses as they may."""


def is_possible() -> bool:
    """Say whether a mail server was named; without one people write from their own mail program."""
    return env.is_set("DJANGO_EMAIL_HOST")


def invite(room: Room, user: User, addresses: Iterable[str], send: Callable[[str], object]) -> int:
    """Have `send` called with each new address after the commit; give how many were written to within the hour already.

    Raise `TooManyInvitationsError`; then nobody is written to.
    """
    wanted = {_mark(room, address): address for address in addresses}
    new = {mark: address for mark, address in wanted.items() if cache.add(mark, 1, WINDOW_S)}
    counters = {f"inviting:{user.pk}:{room.pk}": PER_ROOM, f"inviting:{user.pk}": PER_PERSON}
    if any(_count(key, len(new)) > most for key, most in counters.items()):
        cache.delete_many(list(new))
        raise TooManyInvitationsError(
            "too_many_invitations", _("You have invited many people in the last hour. Please try again later.")
        )
    for address in new.values():
        transaction.on_commit(partial(send, address))
    return len(wanted) - len(new)


def _mark(room: Room, address: str) -> str:
    """Give the key under which it is remembered that this address was written to, without the address."""
    return "invited:" + hashlib.sha256(f"{room.pk} {address.casefold()}".encode()).hexdigest()[:32]


def _count(key: str, more: int) -> int:
    cache.add(key, 0, WINDOW_S)
    try:
        return cache.incr(key, more)
    except ValueError:  # the window ended between the two calls
        return more


def message(room: Room, user: User, address: str, language: str) -> EmailMessage:
    """Give the mail that invites somebody; an answer to it goes to the person who invites."""
    with translation.override(language):
        words = {"name": _in_one_line(str(user)), "room": _in_one_line(room.name)}
        lines = [
            _("%(name)s invites you to the meeting room “%(room)s”.") % words,
            _("To enter, open this link in your browser:"),
            settings.PUBLIC_URL + reverse("room", args=[room.slug]),
        ]
        if room.passcode:
            lines.append(_("The room asks for a passcode. You get it from the person who invites you."))
        lines.append(_("Test your device and network before: %s") % (settings.PUBLIC_URL + reverse("connection_test")))
        subject = _("%(name)s invites you to “%(room)s”") % words
    return EmailMessage(subject, "\n\n".join(lines), to=[address], reply_to=[user.email] if user.email else None)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
