"""Tells the others about changes, whoever made them: the pages, the API, Django's admin or a deletion that cascades."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from visio.rooms.models import Member, OrganizationPolicy, Room
from visio.rooms.signals import access_changed, room_closed


@receiver(post_save, sender=Room)
def room_saved(instance: Room, *, created: bool, **_extra: Any) -> None:
    """Announce a room whose access may have changed."""
    if not created:
        transaction.on_commit(partial(_tell_access_changed, instance.pk))


@receiver(post_save, sender=Member)
@receiver(post_delete, sender=Member)
def member_changed(instance: Member, **_extra: Any) -> None:
    """Announce the room of a member who came, went or got another role."""
    transaction.on_commit(partial(_tell_access_changed, instance.room_id, [str(instance.user_id)]))


@receiver(post_save, sender=OrganizationPolicy)
@receiver(post_delete, sender=OrganizationPolicy)
def organization_changed(instance: OrganizationPolicy, **_extra: Any) -> None:
    """Announce the rooms of an organisation in which a meeting goes on."""
    for pk in Room.objects.filter(siret__startswith=instance.code, began_at__isnull=False).values_list("pk", flat=True):
        transaction.on_commit(partial(_tell_access_changed, pk))


@receiver(post_delete, sender=Room)
def room_deleted(instance: Room, **_extra: Any) -> None:
    """Announce the end of a room."""
    transaction.on_commit(partial(room_closed.send, sender=Room, room_id=instance.pk))


def _tell_access_changed(room_id: uuid.UUID, identities: list[str] | None = None) -> None:
    room = Room.objects.filter(pk=room_id).first()
    if room:
        access_changed.send(sender=Room, room=room, identities=identities)
