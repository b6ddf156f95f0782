"""Rights of those who are inside, renewed when the policy or a role changes: the worker enforces them at once."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from django.db import transaction

from visio import wire
from visio.rooms import entry, visits
from visio.rooms.abilities import RoomFacts
from visio.rooms.models import Room
from visio.rooms.person import GUEST, of_role
from visio.rooms.roles import Role
from visio.rooms.visits import Visit
from visio.signalling import client, signals
from visio.signalling.models import Session
from visio.wire import Grant

BATCH = 200
"""Rows in one statement: each has a grant of about a kilobyte."""


def renew(room: Room) -> int:
    """Give everybody inside `room` the rights that they have by now; give how many had others.

    Whoever changes something meanwhile waits. The worker is told after commit, when nobody waits for the room.
    """
    with transaction.atomic():
        Room.objects.hold(pk=room.pk)
        room = Room.objects.get(pk=room.pk)
        facts, roles, decided = room.facts, room.roles(), visits.states(room)
        inside = Session.objects.filter(room=room).revocable().select_related("login__user")
        changed = [one for one in inside if _has_new_rights(one, _todays(one, facts, roles, decided))]
        Session.objects.bulk_update(changed, ["grant"], batch_size=BATCH)
        if changed:
            transaction.on_commit(partial(_tell, room.pk, [one.pk for one in changed]))
    return len(changed)


def _has_new_rights(session: Session, grant: Grant) -> bool:
    """Give `session` the rights `grant`, unsaved; say whether they are other than before."""
    if grant == session.rights:
        return False
    session.grant = dataclasses.asdict(grant)
    return True


def _tell(room_id: uuid.UUID, session_ids: list[uuid.UUID]) -> None:
    """Tell the worker the newest rights: the rows are held meanwhile, so that the last change is the last it hears."""
    with transaction.atomic():
        held = Session.objects.select_for_update(no_key=True).filter(pk__in=session_ids).order_by("pk")
        orders = [wire.Permit(str(room_id), str(session.pk), session.rights) for session in held]
        client.order_all_now(str(room_id), orders)


def repeat(told: Mapping[str, str]) -> int:
    """Tell workers once more what they missed: `told` gives by session the digest of the rights that are in force.

    What browsers were told of it at that time may be lost, too: they look again. Give how many sessions had others.
    """
    those = Session.objects.filter(pk__in=told, revoked_at=None)
    missed = [session for session in those if told[str(session.pk)] != session.rights.digest()]
    for session in missed:
        _tell(session.room_id, [session.pk])
    signals.tell((session.room_id, session.identity) for session in missed)
    return len(missed)


def renewed(session: Session) -> Session:
    """Give a session that has just been opened the rights of this moment: its ticket may be older than a change."""
    room = session.room
    visit = visits.of(room, session.identity, session.device)
    grant = _todays(session, room.facts, room.roles(), {visit.identity: visit} if visit else {})
    if grant != session.rights:
        session.grant = dataclasses.asdict(grant)
        session.save(update_fields=["grant"])
    return session


def confirm(session: Session) -> None:
    """Tell the worker again what a participant may do who was let in while that changed."""
    current = Session.objects.filter(pk=session.pk).first()
    if current is not None and current.rights != session.rights:
        client.order_now(wire.Permit(str(current.room_id), str(current.pk), current.rights))


def _todays(session: Session, facts: RoomFacts, roles: Mapping[uuid.UUID, Role], decided: Mapping[str, Visit]) -> Grant:
    """Give what the participant is and may do by now; a vouched one what the ticket said."""
    if session.is_vouched():
        return session.rights
    user = session.login.user if session.login else None
    person = of_role(user, roles.get(user.pk)) if user else GUEST
    visit = visits.decisive(decided, session.identity, session.device)
    person = replace(entry.decided(person, visit), is_inside=True)
    return entry.permitted(entry.with_role(entry.with_card(session.rights, session.login), person), facts, person)
