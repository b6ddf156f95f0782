"""The door: who gets a ticket, under which identity, and what the others are told."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils import timezone

from suite.identity import logins
from suite.identity.models import User
from tests.rooms.callers import Caller
from visio.rooms import entry, guests, tickets
from visio.rooms.entry import Outcome
from visio.rooms.models import Room
from visio.rooms.roles import AccessLevel
from visio.rooms.tickets import Ticket, Via
from visio.rooms.visits import State, Visit

pytestmark = pytest.mark.django_db


def request_of(caller: Caller | None = None) -> HttpRequest:
    """Give a request of that browser, or of one that was never here."""
    request = HttpRequest()
    request.session = caller.client.session if caller else SessionStore()
    return request


def ticket_of(found: entry.Entry) -> Ticket:
    """Give what the ticket says."""
    assert found.ticket
    return tickets.read(found.ticket, timezone.now())


def test_it_works(room: Room, alice: Caller, alice_user: User) -> None:
    ticket = ticket_of(entry.knock(request_of(alice), room, "Somebody else"))
    assert alice.login
    assert (ticket.room_id, ticket.login, ticket.via) == (room.pk, alice.login.pk, Via.PAGE)
    assert (ticket.grant.identity, ticket.grant.name) == (str(alice_user.pk), "Alice Test")
    assert ticket.grant.attributes == {"kind": "agent", "organization": "Ministry of Tests", "role": "owner"}


def test_a_guest_keeps_one_identity(room: Room) -> None:
    room.change(access_level=AccessLevel.PUBLIC)
    request = request_of()
    first, second = (ticket_of(entry.knock(request, room, "Dave\x00")) for _ in range(2))
    assert first.grant.identity == second.grant.identity
    assert re.fullmatch(r"guest-[\w-]{22}", first.grant.identity)
    assert (first.grant.name, first.grant.attributes, first.login) == ("Dave", {"kind": "guest"}, None)


def test_two_guests_are_two(room: Room) -> None:
    room.change(access_level=AccessLevel.PUBLIC)
    first, second = (ticket_of(entry.knock(request_of(), room)) for _ in range(2))
    assert first.grant.identity != second.grant.identity
    assert first.grant.name == "Guest"


def test_a_guest_waits(room: Room) -> None:
    request = request_of()
    found = entry.knock(request, room, "Dave")
    assert (found.outcome, found.decision.rule.code, found.ticket) == (Outcome.WAIT, "signed_in", None)
    assert not request.session.keys()


def test_a_stranger_waits(room: Room, charlie: Caller) -> None:
    room.change(access_level=AccessLevel.RESTRICTED)
    found = entry.knock(request_of(charlie), room)
    assert (found.outcome, found.decision.rule.code, found.ticket) == (Outcome.WAIT, "restricted", None)


def test_a_disabled_account_is_refused(room: Room, alice: Caller, alice_user: User) -> None:
    User.objects.filter(pk=alice_user.pk).update(is_active=False)
    found = entry.knock(request_of(alice), room)
    assert (found.outcome, found.decision.rule.code, found.ticket) == (Outcome.REFUSE, "account_disabled", None)


def test_who_has_signed_out_is_a_guest(room: Room, alice: Caller) -> None:
    request = request_of(alice)
    assert alice.login
    logins.end(alice.login)
    assert entry.knock(request, room).outcome is Outcome.WAIT


def test_a_guest_enters_under_the_name_that_was_let_in(room: Room, alice_user: User) -> None:
    """The card says that a host admitted them: it must be whom the host saw."""
    request = request_of()
    identity = guests.identity(guests.secret(request), room.pk)
    Visit.ask(room, identity, None, "Dave", {"kind": "guest"})
    Visit.decide(room, None, State.ADMITTED, alice_user)
    ticket = ticket_of(entry.knock(request, room, "Alice Martin"))
    assert (ticket.grant.name, ticket.grant.attributes["admitted_by"]) == ("Dave", "Alice Test")
