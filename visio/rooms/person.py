"""Finds out who asks: builds the policy's `Person` from an account."""

from __future__ import annotations

from dataclasses import replace

from suite.identity.models import Login, User
from visio.rooms.abilities import Action, Person, abilities
from visio.rooms.models import Room
from visio.rooms.policy import Decision
from visio.rooms.roles import Role

GUEST = Person()


def of_login(login: Login | None, room: Room) -> Person:
    """Give what the person behind `login` (nobody: a guest) is to `room`, with the assurance of that login."""
    return replace(of_user(login.user, room), assurance=login.acr) if login else GUEST


def of_user(user: User | None, room: Room) -> Person:
    """Give what `user` (nobody: a guest) is to `room` in today's database."""
    if user is None:
        return GUEST
    return of_role(user, room.role_of(user))


def of_role(user: User, role: Role | None) -> Person:
    """Give what `user` is to a room in which they have `role`."""
    return Person(
        user_id=user.pk,
        role=role,
        is_active=user.is_active,
        siret=user.siret,
        domain=user.email.rpartition("@")[2].lower(),
        provider=user.idp_id,
        claim_roles=frozenset(word for word in user.roles if isinstance(word, str)),
    )


def abilities_of(user: User | None, room: Room) -> dict[Action, Decision]:
    """Give what `user` (nobody: a guest) may do in `room`."""
    return abilities(room.facts, of_user(user, room))
