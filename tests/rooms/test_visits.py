"""The door's book: what hosts decide there holds, whoever asks meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from suite.identity.models import User
from visio.rooms import visits
from visio.rooms.models import Room
from visio.rooms.visits import UNSEEN_MAX, State, Visit

pytestmark = pytest.mark.django_db
DAVE = "guest-dave"


def _ask(room: Room, name: str = "Dave", known: Visit | None = None) -> Visit:
    Visit.ask(room, DAVE, None, name, {"kind": "guest"}, known=known)
    return Visit.objects.get(identity=DAVE)


@pytest.mark.parametrize("decision", [State.ADMITTED, State.REFUSED])
def test_who_asks_again_does_not_undo_what_was_decided_meanwhile(room: Room, alice_user: User, decision: State) -> None:
    """The second tab has read that the person waits; before it writes, a host in another process decides."""
    read_before = _ask(room)
    Visit.decide(room, None, decision, alice_user)
    assert _ask(room, known=read_before).state == decision


def test_a_decision_that_was_known_is_taken_back(room: Room, alice_user: User) -> None:
    """Who was refused asks anew; so does who was let in and has to wait again."""
    _ask(room)
    Visit.decide(room, None, State.REFUSED, alice_user)
    assert _ask(room, known=visits.of(room, DAVE, "")).state == State.WAITING


def test_who_waits_does_not_change_their_name(room: Room) -> None:
    """A host would let in somebody else than the one they see; who was out of the list comes with a new name."""
    _ask(room)
    assert _ask(room, "Alice Martin").name == "Dave"
    Visit.objects.update(seen_at=timezone.now() - UNSEEN_MAX - timedelta(seconds=1))
    assert _ask(room, "Alice Martin").name == "Alice Martin"
