"""Invitations to a room by e-mail: to how many addresses one person may write, and what is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
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
PER_RECIPIENT = 5
"""Mails to one address in an hour, whoever asks for them."""
PAGE = re.compile(r"://|\bwww\.|\w\.[^\W\d_]{2,}", re.IGNORECASE)
"""What mail programs take for the address of a page."""
BY, TO = "inviting:", "invited:"
"""How the keys begin of what is counted by person, and of what is known of addresses."""
Counters = dict[str, tuple[int, int]]
"""By key: how many more, and how many at most."""


class TooManyInvitationsError(RoomsError):
    """A person has written to as many addresses as they may, or an address was written to as often as it may be."""


def is_possible() -> bool:
    """Say whether a mail server was named; without one people write from their own mail program."""
    return env.is_set("DJANGO_EMAIL_HOST")


def invite(room: Room, user: User, addresses: Iterable[str], send: Callable[[str], object]) -> int:
    """Have `send` called with each new address after the commit; give how many were written to within the hour already.

    Raise `TooManyInvitationsError`; then nobody is written to, and nothing is counted.
    """
    wanted = {_mark(address, room): address for address in addresses}
    new = {mark: address for mark, address in wanted.items() if cache.add(mark, 1, WINDOW_S)}
    raised: Counters = {}
    for key, (more, most) in _counters(room, user, new).items():
        raised[key] = more, most
        if _count(key, more) > most:
            _forget(new, raised)
            raise _refusal(of_person=key.startswith(BY))
    transaction.on_commit(partial(_hand_on, room, user, new, send))
    return len(wanted) - len(new)


def _counters(room: Room, user: User, new: Mapping[str, str]) -> Counters:
    """Give what is counted of mails to these new addresses."""
    by_person = {f"{BY}{user.pk}:{room.pk}": (len(new), PER_ROOM), f"{BY}{user.pk}": (len(new), PER_PERSON)}
    return by_person | {_mark(address): (1, PER_RECIPIENT) for address in new.values()}


def _refusal(*, of_person: bool) -> TooManyInvitationsError:
    if of_person:
        words = _("You have invited many people in the last hour. Please try again later.")
        return TooManyInvitationsError("too_many_invitations", words)
    words = _("One of these people was invited many times in the last hour. Please send them the link yourself.")
    return TooManyInvitationsError("invited_too_often", words)


def _hand_on(room: Room, user: User, new: Mapping[str, str], send: Callable[[str], object]) -> None:
    """Call `send` with each new address; those that were not handed on may be asked for again."""
    left = dict(new)
    try:
        for mark, address in new.items():
            send(address)
            del left[mark]
    finally:
        if left:
            _forget(left, _counters(room, user, left))


def _mark(address: str, room: Room | None = None) -> str:
    """Give the key under which it is known that an address was written to, about `room` or any room; it hides which."""
    about = room.pk if room else ""
    return TO + hashlib.sha256(f"{about} {address.casefold()}".encode()).hexdigest()[:32]


def _count(key: str, more: int) -> int:
    cache.add(key, 0, WINDOW_S)
    try:
        return cache.incr(key, more)
    except ValueError:  # the window ended between the two calls
        return more


def _forget(marks: Iterable[str], counters: Counters) -> None:
    """Take marks away, and from counters what was added to them."""
    cache.delete_many(list(marks))
    for key, (more, _most) in counters.items():
        with suppress(ValueError):  # the window has ended
            cache.decr(key, more)


def message(room: Room, user: User, address: str, language: str) -> EmailMessage:
    """Give the mail that invites somebody; an answer to it goes to the person who invites."""
    with translation.override(language):
        words = {"name": _in_one_line(str(user)), "room": _harmless(room.name) or room.slug}
        lines = [
            _("%(name)s invites you to the meeting room “%(room)s”.") % words,
            _("To enter, open this link in your browser:"),
            settings.PUBLIC_URL + reverse("room", args=[room.slug]),
        ]
        if room.passcode:
            lines.append(_("The room asks for a passcode. You get it from the person who invites you."))
        lines.append(_("Test your device and network before: %s") % (settings.PUBLIC_URL + reverse("connection_test")))
        subject = _("%(name)s invites you to a meeting") % words
    return EmailMessage(subject, "\n\n".join(lines), to=[address], reply_to=[user.email] if user.email else None)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _harmless(text: str) -> str:
    """Give a text in one line without words that would lead to a page: who names a room could send people anywhere."""
    return " ".join(word for word in text.split() if not PAGE.search(word))
