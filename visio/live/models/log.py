"""The log of a room: how far its sequence numbers have got. What they number is kept by the topics."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from visio.rooms.models import Room


class Log(models.Model):
    """The newest sequence number of a room; it grows for as long as the room lasts."""

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="log")
    seq = models.BigIntegerField(_("newest sequence number"), default=0)

    class Meta:
        verbose_name = _("log of a room")
        verbose_name_plural = _("logs of rooms")

    def __str__(self) -> str:
        return f"{self.room}, {self.seq}"

    @classmethod
    def head(cls, room_id: uuid.UUID) -> int:
        """Give the newest number of a room."""
        return cls.objects.filter(room=room_id).values_list("seq", flat=True).first() or 0

    @classmethod
    def advance(cls, room_id: uuid.UUID) -> int:
        """Take the next number of a room, inside a transaction.

        The row is held until the transaction ends, so that numbers are committed in their order: who has read the
        number n finds everything up to n.
        """
        log, _is_new = cls.objects.select_for_update().get_or_create(room_id=room_id)
        log.seq += 1
        log.save(update_fields=["seq"])
        return log.seq
